package dev.sightline.trainer.evaluation;

import dev.sightline.domain.AttributeQuery;
import dev.sightline.domain.Embedding;
import dev.sightline.domain.Label;
import dev.sightline.towers.ImageEmbedder;
import dev.sightline.towers.QueryEmbedder;
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
import java.util.stream.IntStream;

/** How well attribute queries find images of a labelled gallery: a score for queries of 1 to 4 attributes. */
public record RetrievalEvaluation(List<RetrievalScore> scores) {
    private static final int MAX_QUERY_SIZE = 4;
    private static final int K = 10;
    private static final int BATCH = 64;
    private static final long SEED = 20_261_124;

    public RetrievalEvaluation {
        scores = List.copyOf(scores);
    }

    /** Ranks the images of {@code split} exactly, by inner product. */
    public static RetrievalEvaluation of(TwoTowerModel model, Dataset dataset, PreparedImages pixels, Split split) {
        List<Integer> ordinals = IntStream.range(0, dataset.examples().size())
                .filter(i -> dataset.examples().get(i).split() == split)
                .boxed()
                .toList();
        List<Embedding> gallery = embed(model.imageEmbedder(), pixels, ordinals);
        QueryEmbedder queries = model.queryEmbedder();
        return of(
                dataset,
                dataset.examples(split).stream().map(Example::label).toList(),
                query -> nearest(queries.embed(query), gallery));
    }

    /**
     * Judges any searcher.
     *
     * @param gallery the labels of all images it searches
     * @param searcher gives for a query the ordinals of its first ten images in {@code gallery}, best first
     */
    public static RetrievalEvaluation of(
            Dataset dataset, List<Label> gallery, Function<AttributeQuery, List<Integer>> searcher) {
        List<RetrievalScore> scores = new ArrayList<>();
        for (int size = 1; size <= MAX_QUERY_SIZE; size++) {
            scores.add(score(QuerySet.of(dataset.schema(), gallery, size, SEED), searcher));
        }
        return new RetrievalEvaluation(scores);
    }

    /** The mean over sizes of the macro precision@10: one number to choose a model by. */
    public double meanPrecisionAt10() {
        return scores.stream()
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

    private static RetrievalScore score(QuerySet set, Function<AttributeQuery, List<Integer>> searcher) {
        double precision = 0;
        double recall = 0;
        double averagePrecision = 0;
        double ndcg = 0;
        for (QuerySet.Judged judged : set.queries()) {
            List<Boolean> relevant = searcher.apply(judged.query()).stream()
                    .map(ordinal -> judged.relevant()[ordinal])
                    .toList();
            precision += RankingMetrics.precisionAt(K, relevant);
            recall += RankingMetrics.recallAt(K, relevant, judged.relevantCount());
            averagePrecision += RankingMetrics.averagePrecisionAt(K, relevant, judged.relevantCount());
            ndcg += RankingMetrics.ndcgAt(K, relevant, judged.relevantCount());
        }
        int count = Math.max(1, set.queries().size());
        return new RetrievalScore(
                set.size(),
                precision / count,
                recall / count,
                averagePrecision / count,
                ndcg / count,
                set.chance(),
                set.queries().size(),
                set.leftOut());
    }

    private static List<Embedding> embed(ImageEmbedder embedder, PreparedImages pixels, List<Integer> ordinals) {
        List<Embedding> embeddings = new ArrayList<>(ordinals.size());
        for (int from = 0; from < ordinals.size(); from += BATCH) {
            embeddings.addAll(embedder.embed(ordinals.subList(from, Math.min(from + BATCH, ordinals.size())).stream()
                    .map(pixels::get)
                    .toList()));
        }
        return embeddings;
    }

    private static List<Integer> nearest(Embedding query, List<Embedding> gallery) {
        record Scored(int ordinal, float score) {}
        return IntStream.range(0, gallery.size())
                .mapToObj(i -> new Scored(i, query.score(gallery.get(i))))
                .sorted(Comparator.comparingDouble(Scored::score).reversed())
                .limit(K)
                .map(Scored::ordinal)
                .toList();
    }
}
