package dev.sightline.trainer.lifecycle;

/**
 * What may differ between two versions on the same recent queries. Versions learn different spaces, so the defaults stop
 * only what can hardly be meant.
 *
 * @param minQueries with fewer answered by both versions there is nothing to judge, and the cutover goes ahead
 * @param minOverlapAt10 the mean share, 0..1, of the ten nearest images that both versions must agree on
 * @param maxUnanswerable the share, 0..1, of recent queries that may name an attribute the new version lacks
 * @param maxMedianScoreDrop how much lower the median score of the new version's ten nearest may be
 */
public record GuardLimits(int minQueries, double minOverlapAt10, double maxUnanswerable, double maxMedianScoreDrop) {
    public static final GuardLimits DEFAULT = new GuardLimits(20, 0.02, 0.2, 0.4);
}
