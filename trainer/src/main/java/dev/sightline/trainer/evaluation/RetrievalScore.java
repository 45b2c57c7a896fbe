package dev.sightline.trainer.evaluation;

import java.util.List;

/**
 * Averages over the queries of one size.
 *
 * @param macro every query counts the same
 * @param micro a query counts as much as it has relevant images, so that common attributes weigh more
 * @param chance the macro precision of a random ranking
 * @param queries how many were averaged
 * @param leftOut how many were tried but have too few or too many relevant images
 */
public record RetrievalScore(int querySize, Measures macro, Measures micro, double chance, int queries, int leftOut) {

    static RetrievalScore of(int querySize, List<QueryOutcome> outcomes, int leftOut) {
        return new RetrievalScore(
                querySize,
                Measures.mean(outcomes, outcome -> 1),
                Measures.mean(outcomes, outcome -> outcome.judged().relevantCount()),
                outcomes.stream()
                        .mapToDouble(outcome -> outcome.judged().chance())
                        .average()
                        .orElse(0),
                outcomes.size(),
                leftOut);
    }

    public double precisionAt10() {
        return macro.precisionAt10();
    }

    public double recallAt10() {
        return macro.recallAt10();
    }

    public double meanAveragePrecisionAt10() {
        return macro.averagePrecisionAt10();
    }

    public double ndcgAt10() {
        return macro.ndcgAt10();
    }
}
