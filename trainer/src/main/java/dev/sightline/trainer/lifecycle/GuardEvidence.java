package dev.sightline.trainer.lifecycle;

import dev.sightline.domain.ModelVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What two versions made of the same recent queries: kept, whatever the verdict.
 *
 * @param asked queries replayed
 * @param unanswerable those that name an attribute the new version lacks
 * @param meanOverlapAt10 the mean share, 0..1, of the active version's ten nearest that are among the new one's
 * @param activeScores quantiles of the active version's scores, by name
 * @param nextScores the same of the new one's
 * @param scoreDistance the largest distance, 0..1, between the two distributions of scores (Kolmogorov–Smirnov)
 * @param breaches the limits not kept, in words; empty if it passed
 */
record GuardEvidence(
        ModelVersion active,
        ModelVersion next,
        Instant at,
        int asked,
        int unanswerable,
        double meanOverlapAt10,
        Map<String, Double> activeScores,
        Map<String, Double> nextScores,
        double scoreDistance,
        GuardLimits limits,
        List<String> breaches,
        List<Replayed> queries) {

    /** One query. @param overlapAt10 0..1 */
    record Replayed(String query, double overlapAt10, List<String> active, List<String> next) {}

    GuardEvidence judged(List<String> found) {
        return new GuardEvidence(
                active,
                next,
                at,
                asked,
                unanswerable,
                meanOverlapAt10,
                activeScores,
                nextScores,
                scoreDistance,
                limits,
                found,
                queries);
    }

    private static final Map<String, Double> QUANTILES = new TreeMap<>(Map.of("p10", 0.1, "p50", 0.5, "p90", 0.9));

    static Map<String, Double> quantiles(List<Double> scores) {
        List<Double> sorted = scores.stream().sorted().toList();
        Map<String, Double> quantiles = new TreeMap<>();
        if (!sorted.isEmpty()) {
            QUANTILES.forEach((name, share) -> quantiles.put(name, sorted.get((int) (share * (sorted.size() - 1)))));
        }
        return quantiles;
    }

    /** The Kolmogorov–Smirnov statistic: the largest difference of the two cumulative distributions. */
    static double distance(List<Double> first, List<Double> second) {
        if (first.isEmpty() || second.isEmpty()) {
            return 0;
        }
        List<Double> all = new ArrayList<>(first);
        all.addAll(second);
        return all.stream()
                .mapToDouble(at -> Math.abs(shareUpTo(first, at) - shareUpTo(second, at)))
                .max()
                .orElse(0);
    }

    private static double shareUpTo(List<Double> scores, double at) {
        return scores.stream().filter(score -> score <= at).count() / (double) scores.size();
    }
}
