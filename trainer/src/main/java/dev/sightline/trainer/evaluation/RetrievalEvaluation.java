package dev.sightline.trainer.evaluation;

import dev.sightline.domain.AttributeQuery;
import dev.sightline.domain.Label;
import dev.sightline.towers.TwoTowerModel;
import dev.sightline.trainer.dataset.Dataset;
import dev.sightline.trainer.dataset.Example;
import dev.sightline.trainer.dataset.PreparedImages;
import dev.sightline.trainer.dataset.Split;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * How well attribute queries find images of a labelled gallery.
 *
 * @param scores by size of query, from 1 up
 * @param outcomes every query behind the scores
 */
public record RetrievalEvaluation(List<RetrievalScore> scores, List<QueryOutcome> outcomes) {
    /** The sizes a model is chosen by while it trains. */
    private static final int QUICK_SIZES = 4;

    private static final int QUICK_QUERIES = 1_000;
    private static final int QUICK_DEPTH = 10;
    private static final long SEED = 20_261_124;

    public RetrievalEvaluation {
        scores = List.copyOf(scores);
        outcomes = List.copyOf(outcomes);
    }

    /** Ranks the images of {@code split} exactly, by inner product: queries of 1 to 4 attributes, a thousand of each. */
    public static RetrievalEvaluation of(TwoTowerModel model, Dataset dataset, PreparedImages pixels, Split split) {
        try (EmbeddedGallery gallery = EmbeddedGallery.of(model, pixels, ordinals(dataset, split), embedded -> {})) {
            return of(quick(labels(dataset, split)), gallery.ranker(model.queryEmbedder()), QUICK_DEPTH);
        }
    }

    /**
     * Judges any searcher by queries of 1 to 4 attributes, a thousand of each.
     *
     * @param gallery the labels of all images it searches
     * @param searcher gives for a query the ordinals of its first ten images in {@code gallery}, best first
     */
    public static RetrievalEvaluation of(
            Dataset dataset, List<Label> gallery, Function<AttributeQuery, List<Integer>> searcher) {
        return of(quick(new GalleryLabels(dataset.schema(), gallery)), Ranker.asking(searcher), QUICK_DEPTH);
    }

    /** @param depth how many places to rank; 10 for the measures, more for {@link #precisionCurve} */
    public static RetrievalEvaluation of(List<QuerySet> sets, Ranker ranker, int depth) {
        List<RetrievalScore> scores = new ArrayList<>();
        List<QueryOutcome> all = new ArrayList<>();
        for (QuerySet set : sets) {
            List<int[]> rankings = ranker.rank(set.queries(), depth);
            List<QueryOutcome> outcomes = IntStream.range(0, rankings.size())
                    .mapToObj(i -> QueryOutcome.of(set.queries().get(i), rankings.get(i)))
                    .toList();
            scores.add(RetrievalScore.of(set.size(), outcomes, set.leftOut()));
            all.addAll(outcomes);
        }
        return new RetrievalEvaluation(scores, all);
    }

    /** Where in the dataset the images of a split are. */
    public static List<Integer> ordinals(Dataset dataset, Split split) {
        return IntStream.range(0, dataset.examples().size())
                .filter(i -> dataset.examples().get(i).split() == split)
                .boxed()
                .toList();
    }

    /** The labels of a split, in the order of {@link #ordinals}. */
    public static GalleryLabels labels(Dataset dataset, Split split) {
        return new GalleryLabels(
                dataset.schema(),
                dataset.examples(split).stream().map(Example::label).toList());
    }

    private static List<QuerySet> quick(GalleryLabels gallery) {
        return QuerySet.upTo(QUICK_SIZES, gallery, QUICK_QUERIES, SEED);
    }

    /** The mean over sizes of the macro precision@10: one number to choose a model by. */
    public double meanPrecisionAt10() {
        return scores.stream()
                .filter(score -> score.queries() > 0)
                .mapToDouble(RetrievalScore::precisionAt10)
                .average()
                .orElse(0);
    }

    /** By name, for a bundle's manifest. */
    public Map<String, Double> describe() {
        Map<String, Double> metrics = new TreeMap<>();
        for (RetrievalScore score : scores) {
            metrics.put("precisionAt10." + score.querySize(), score.precisionAt10());
            metrics.put("chance." + score.querySize(), score.chance());
        }
        return metrics;
    }

    /** The scores over only those queries that exclude something, by size. */
    public List<RetrievalScore> withExclusions() {
        return restricted(QueryOutcome::excludes);
    }

    /** The scores over only those queries that exclude nothing, by size. */
    public List<RetrievalScore> withoutExclusions() {
        return restricted(outcome -> !outcome.excludes());
    }

    private List<RetrievalScore> restricted(Predicate<QueryOutcome> condition) {
        return scores.stream()
                .map(score -> RetrievalScore.of(
                        score.querySize(),
                        outcomes.stream()
                                .filter(outcome -> outcome.size() == score.querySize())
                                .filter(condition)
                                .toList(),
                        0))
                .toList();
    }

    /** For each attribute, in order, how the queries that name it went. */
    public List<AttributeScore> byAttribute(List<String> attributes) {
        return attributes.stream()
                .map(attribute -> {
                    List<QueryOutcome> required = outcomes.stream()
                            .filter(outcome ->
                                    outcome.judged().query().require().contains(attribute))
                            .toList();
                    List<QueryOutcome> excluded = outcomes.stream()
                            .filter(outcome ->
                                    outcome.judged().query().exclude().contains(attribute))
                            .toList();
                    return new AttributeScore(
                            attribute,
                            Measures.mean(required, outcome -> 1).precisionAt10(),
                            required.size(),
                            Measures.mean(excluded, outcome -> 1).precisionAt10(),
                            excluded.size());
                })
                .toList();
    }

    /** Macro precision@k of queries of one size for k = 1 to {@code depth}. */
    public double[] precisionCurve(int querySize, int depth) {
        List<QueryOutcome> some =
                outcomes.stream().filter(outcome -> outcome.size() == querySize).toList();
        return IntStream.rangeClosed(1, depth)
                .mapToDouble(k -> some.stream()
                        .mapToDouble(outcome -> outcome.precisionAt(k))
                        .average()
                        .orElse(0))
                .toArray();
    }

    /** The queries that went worst, by precision@10 over chance, worst first. */
    public List<QueryOutcome> worst(int count) {
        return outcomes.stream()
                .sorted(Comparator.comparingDouble(
                                (QueryOutcome outcome) -> outcome.measures().precisionAt10()
                                        - outcome.judged().chance())
                        .thenComparing(outcome -> outcome.judged().query().toString()))
                .limit(count)
                .toList();
    }
}
