package dev.sightline.trainer.evaluation;

import dev.sightline.domain.AttributeQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Ranks the images of one gallery for attribute queries. */
@FunctionalInterface
public interface Ranker {

    /**
     * The first images for each query, in the queries' order.
     *
     * @return for each query up to {@code depth} ordinals of its {@link JudgedQuery#judged} images, best first
     */
    List<int[]> rank(List<JudgedQuery> queries, int depth);

    /** A score for every image of the gallery; higher is closer. */
    @FunctionalInterface
    interface Scorer {
        /** {@code [queries][gallery]}. */
        float[][] score(List<AttributeQuery> queries);
    }

    /** Ranks by score, exactly, a few hundred queries at a time. */
    static Ranker by(Scorer scorer) {
        int batch = 256;
        return (queries, depth) -> {
            List<int[]> rankings = new ArrayList<>(queries.size());
            for (int from = 0; from < queries.size(); from += batch) {
                List<JudgedQuery> some = queries.subList(from, Math.min(from + batch, queries.size()));
                float[][] scores =
                        scorer.score(some.stream().map(JudgedQuery::query).toList());
                for (int i = 0; i < scores.length; i++) {
                    rankings.add(TopK.of(scores[i], some.get(i).judged(), depth));
                }
            }
            return rankings;
        };
    }

    /**
     * Asks a searcher query by query and leaves out what is not judged.
     *
     * @param searcher gives the ordinals of the first images in the gallery, best first
     */
    static Ranker asking(Function<AttributeQuery, List<Integer>> searcher) {
        return (queries, depth) -> queries.stream()
                .map(judged -> searcher.apply(judged.query()).stream()
                        .mapToInt(Integer::intValue)
                        .filter(judged.judged()::get)
                        .limit(depth)
                        .toArray())
                .toList();
    }
}
