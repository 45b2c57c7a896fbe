package dev.sightline.trainer.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SmoothTripletLossTest {
    private static final double MARGIN = 0.1;
    private static final double TEMPERATURE = 0.2;
    private static final SmoothTripletLoss LOSS = new SmoothTripletLoss((float) MARGIN, (float) TEMPERATURE);

    @Test
    void isWhatItsFormulaSaysWorkedOutTripletByTriplet() {
        LabelledScores scores = LabelledScores.random(1);

        assertThat(scores.evaluate(LOSS)).isCloseTo(naive(scores), within(1e-4));
    }

    @Test
    void isWhatWasWorkedOutByHand() {
        // One query, a positive at 0.5 and a negative that contradicts two attributes at 0.3: as a query among images
        // softplus((0.3 + 2·0.1 − 0.5) / 0.2) = log 2; as images among queries, neither has both.
        LabelledScores scores = LabelledScores.of(new double[][] {{0.5, 0.3}}, new int[][] {{0, 2}});

        assertThat(scores.evaluate(LOSS)).isCloseTo(Math.log(2), within(1e-6));
    }

    @Test
    void isNothingWithoutATriplet() {
        assertThat(LabelledScores.of(new double[][] {{0.5, 0.3}}, new int[][] {{0, 0}})
                        .evaluate(LOSS))
                .isZero();
        assertThat(LabelledScores.of(new double[][] {{0.5, 0.3}}, new int[][] {{0, -1}})
                        .evaluate(LOSS))
                .isZero();
    }

    @Test
    void itsGradientIsThatOfFiniteDifferences() {
        LabelledScores.random(3).assertGradientIsThatOf(SmoothTripletLossTest::naive, LOSS);
    }

    @Test
    void doesNotOverflowAtLowTemperatures() {
        LabelledScores scores = LabelledScores.of(new double[][] {{-1, 1}}, new int[][] {{0, 1}});

        assertThat(scores.evaluate(new SmoothTripletLoss(0, 0.001f))).isCloseTo(2000, within(0.1));
    }

    @Test
    void refusesATemperatureOfZero() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SmoothTripletLoss(0.1f, 0))
                .withMessageContaining("0.0 and 0.1");
    }

    private static double naive(LabelledScores scores) {
        return anchored(scores) + anchored(scores.transposed());
    }

    private static double anchored(LabelledScores scores) {
        double sum = 0;
        int anchors = 0;
        for (int q = 0; q < scores.scores().length; q++) {
            if (scores.hasTriplet(q)) {
                sum += anchor(scores, q);
                anchors++;
            }
        }
        return sum / Math.max(1, anchors);
    }

    private static double anchor(LabelledScores scores, int q) {
        double[] row = scores.scores()[q];
        double negatives = 0;
        for (int i = 0; i < row.length; i++) {
            if (scores.negative(q, i)) {
                negatives += Math.exp((row[i] + MARGIN * scores.contradicted()[q][i]) / TEMPERATURE);
            }
        }
        double sum = 0;
        int positives = 0;
        for (int i = 0; i < row.length; i++) {
            if (scores.positive(q, i)) {
                sum += Math.log1p(negatives * Math.exp(-row[i] / TEMPERATURE));
                positives++;
            }
        }
        return sum / positives;
    }
}
