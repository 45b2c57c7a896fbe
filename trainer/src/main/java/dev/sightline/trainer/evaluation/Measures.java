package dev.sightline.trainer.evaluation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What one ranking, or the average of several, scores in its first ten places; each in 0..1, higher is better. */
public record Measures(double precisionAt10, double recallAt10, double averagePrecisionAt10, double ndcgAt10) {
    private static final int K = 10;

    /** @param ranking ordinals, best first */
    static Measures of(int[] ranking, JudgedQuery judged) {
        List<Boolean> relevant = new ArrayList<>(ranking.length);
        for (int ordinal : ranking) {
            relevant.add(judged.relevant().get(ordinal));
        }
        int total = judged.relevantCount();
        return new Measures(
                RankingMetrics.precisionAt(K, relevant),
                RankingMetrics.recallAt(K, relevant, total),
                RankingMetrics.averagePrecisionAt(K, relevant, total),
                RankingMetrics.ndcgAt(K, relevant, total));
    }

    /** The weighted mean; zeros if there is nothing to average. */
    static Measures mean(Collection<QueryOutcome> outcomes, ToDoubleFunction<QueryOutcome> weight) {
        double precision = 0;
        double recall = 0;
        double averagePrecision = 0;
        double ndcg = 0;
        double weights = 0;
        for (QueryOutcome outcome : outcomes) {
            double share = weight.applyAsDouble(outcome);
            weights += share;
            precision += share * outcome.measures().precisionAt10();
            recall += share * outcome.measures().recallAt10();
            averagePrecision += share * outcome.measures().averagePrecisionAt10();
            ndcg += share * outcome.measures().ndcgAt10();
        }
        return weights == 0
                ? new Measures(0, 0, 0, 0)
                : new Measures(precision / weights, recall / weights, averagePrecision / weights, ndcg / weights);
    }
}
