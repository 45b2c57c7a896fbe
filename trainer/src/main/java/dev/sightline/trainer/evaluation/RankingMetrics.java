package dev.sightline.trainer.evaluation;

import java.util.List;

/**
 * The measures of one ranking, best first. {@code relevant} says of each result whether it answers the query;
 * {@code total} is how many images of the gallery do.
 */
public final class RankingMetrics {
    private RankingMetrics() {}

    /** The share of the first {@code k} places that hold a relevant image; missing places count as irrelevant. */
    public static double precisionAt(int k, List<Boolean> relevant) {
        return (double) hits(k, relevant) / k;
    }

    /** The share of all relevant images that is among the first {@code k}. */
    public static double recallAt(int k, List<Boolean> relevant, int total) {
        return total == 0 ? 0 : (double) hits(k, relevant) / total;
    }

    /** Average precision at k: the mean of the precision at each relevant place, over min(k, total) places. */
    public static double averagePrecisionAt(int k, List<Boolean> relevant, int total) {
        int hits = 0;
        double sum = 0;
        for (int i = 0; i < Math.min(k, relevant.size()); i++) {
            if (relevant.get(i)) {
                hits++;
                sum += (double) hits / (i + 1);
            }
        }
        return total == 0 ? 0 : sum / Math.min(k, total);
    }

    /** Normalised discounted cumulative gain at k (Järvelin and Kekäläinen, 2002) with gain 0 or 1. */
    public static double ndcgAt(int k, List<Boolean> relevant, int total) {
        double gain = 0;
        double ideal = 0;
        for (int i = 0; i < k; i++) {
            double discount = Math.log(2) / Math.log(i + 2);
            gain += i < relevant.size() && relevant.get(i) ? discount : 0;
            ideal += i < total ? discount : 0;
        }
        return ideal == 0 ? 0 : gain / ideal;
    }

    private static int hits(int k, List<Boolean> relevant) {
        return (int) relevant.stream().limit(k).filter(Boolean::booleanValue).count();
    }
}
