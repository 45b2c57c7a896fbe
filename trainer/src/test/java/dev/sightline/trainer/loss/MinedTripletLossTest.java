package dev.sightline.trainer.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sightline.trainer.loss.MinedTripletLoss.Mining;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MinedTripletLossTest {
    private static final double MARGIN = 0.3;

    @ParameterizedTest
    @EnumSource
    void isWhatItsFormulaSaysWorkedOutTripletByTriplet(Mining mining) {
        for (int seed = 0; seed < 20; seed++) {
            LabelledScores scores = LabelledScores.random(seed);

            assertThat(scores.evaluate(loss(mining)))
                    .as("seed %d", seed)
                    .isCloseTo(naive(mining, scores), within(1e-5));
        }
    }

    @ParameterizedTest
    @EnumSource
    void itsGradientIsThatOfFiniteDifferences(Mining mining) {
        LabelledScores.random(3).assertGradientIsThatOf(scores -> naive(mining, scores), loss(mining));
    }

    @Test
    void batchHardTakesTheWorstPositiveAndTheWorstNegative() {
        // max(0, 0.3 + 0.6 − 0.2); the negative at 0.5 contradicts twice: 0.6 + 0.5 is worse than 0.3 + 0.6
        LabelledScores scores = LabelledScores.of(new double[][] {{0.9, 0.2, 0.6, 0.5}}, new int[][] {{0, 0, 1, 2}});

        assertThat(scores.evaluate(loss(Mining.BATCH_HARD))).isCloseTo(0.6 + 0.5 - 0.2, within(1e-6));
    }

    @Test
    void semiHardTakesTheHardestNegativeThatIsFurtherThanThePositive() {
        // 0.7 is nearer than the positive at 0.6; 0.5 is further; 0.1 is easy
        LabelledScores further = LabelledScores.of(new double[][] {{0.6, 0.7, 0.5, 0.1}}, new int[][] {{0, 1, 1, 1}});
        // none is further: the furthest of them
        LabelledScores none = LabelledScores.of(new double[][] {{0.0, 0.7, 0.5, 0.1}}, new int[][] {{0, 1, 1, 1}});

        assertThat(further.evaluate(loss(Mining.SEMI_HARD))).isCloseTo(0.3 + 0.5 - 0.6, within(1e-6));
        assertThat(none.evaluate(loss(Mining.SEMI_HARD))).isCloseTo(0.3 + 0.1 - 0.0, within(1e-6));
    }

    @ParameterizedTest
    @EnumSource
    void isNothingWithoutATriplet(Mining mining) {
        assertThat(LabelledScores.of(new double[][] {{0.5, 0.3}, {0.1, 0.2}}, new int[][] {{0, -1}, {1, 1}})
                        .evaluate(loss(mining)))
                .isZero();
    }

    private static MinedTripletLoss loss(Mining mining) {
        return new MinedTripletLoss(mining, (float) MARGIN);
    }

    private static double naive(Mining mining, LabelledScores scores) {
        double sum = 0;
        int count = 0;
        for (int q = 0; q < scores.scores().length; q++) {
            if (!scores.hasTriplet(q)) {
                continue;
            }
            double worstPositive = Double.MAX_VALUE;
            for (int p = 0; p < scores.scores()[q].length; p++) {
                if (scores.positive(q, p)) {
                    double positive = scores.scores()[q][p];
                    worstPositive = Math.min(worstPositive, positive);
                    if (mining == Mining.SEMI_HARD) {
                        sum += Math.max(0, semiHard(scores, q, positive) - positive);
                        count++;
                    }
                }
            }
            if (mining == Mining.BATCH_HARD) {
                sum += Math.max(0, hardest(scores, q, Double.MAX_VALUE) - worstPositive);
                count++;
            }
        }
        return sum / Math.max(1, count);
    }

    private static double semiHard(LabelledScores scores, int q, double positive) {
        double further = hardest(scores, q, positive);
        return further > -Double.MAX_VALUE ? further : furthest(scores, q);
    }

    /** The largest reach of a negative whose score is below {@code limit}. */
    private static double hardest(LabelledScores scores, int q, double limit) {
        double found = -Double.MAX_VALUE;
        for (int n = 0; n < scores.scores()[q].length; n++) {
            if (scores.negative(q, n) && scores.scores()[q][n] < limit) {
                found = Math.max(found, reach(scores, q, n));
            }
        }
        return found;
    }

    private static double furthest(LabelledScores scores, int q) {
        double found = Double.MAX_VALUE;
        for (int n = 0; n < scores.scores()[q].length; n++) {
            if (scores.negative(q, n)) {
                found = Math.min(found, reach(scores, q, n));
            }
        }
        return found;
    }

    private static double reach(LabelledScores scores, int q, int n) {
        return scores.scores()[q][n] + MARGIN * scores.contradicted()[q][n];
    }
}
