package dev.sightline.trainer.gate;

import dev.sightline.trainer.evaluation.EvaluationSettings;

/**
 * What a candidate must reach.
 *
 * @param margin how much its mean macro precision@10 must be above the active version's. A little below 0 lets a version
 *     through that is as good but for the luck of the queries, as retraining on a few more labels gives
 * @param maxAttributeRegression how much an attribute may lose: more, and the candidate is refused however good its mean
 * @param minAttributeQueries attributes with fewer queries than this are not held against it: too much luck
 */
public record GateSettings(
        double margin, double maxAttributeRegression, int minAttributeQueries, EvaluationSettings evaluation) {
    public static final GateSettings DEFAULT = new GateSettings(-0.005, 0.05, 20, EvaluationSettings.DEFAULT);

    public GateSettings {
        if (!(Math.abs(margin) <= 1) || !(maxAttributeRegression >= 0) || minAttributeQueries < 1) {
            throw new IllegalArgumentException(
                    "a gate needs a margin of −1 to 1, a regression limit of 0 or more and 1 or"
                            + " more queries an attribute, but was given " + margin + ", " + maxAttributeRegression
                            + " and "
                            + minAttributeQueries);
        }
    }
}
