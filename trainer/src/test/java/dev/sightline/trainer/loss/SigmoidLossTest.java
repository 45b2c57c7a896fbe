package dev.sightline.trainer.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SigmoidLossTest {
    private static final double TEMPERATURE = 0.25;
    private static final double BIAS = -0.5;
    private static final SigmoidLoss LOSS = new SigmoidLoss((float) TEMPERATURE, (float) BIAS);

    @Test
    void isWhatItsFormulaSaysWorkedOutPairByPair() {
        LabelledScores scores = LabelledScores.random(1);

        assertThat(scores.evaluate(LOSS)).isCloseTo(naive(scores), within(1e-5));
    }

    @Test
    void isWhatWasWorkedOutByHand() {
        // 0.125 / 0.25 − 0.5 = 0: an even bet, log 2, both for a positive and for a negative; the unknown pair is left
        // out
        LabelledScores scores = LabelledScores.of(new double[][] {{0.125, 0.125, 0.9}}, new int[][] {{0, 3, -1}});

        assertThat(scores.evaluate(LOSS)).isCloseTo(Math.log(2), within(1e-6));
    }

    @Test
    void itsGradientIsThatOfFiniteDifferences() {
        LabelledScores.random(3).assertGradientIsThatOf(SigmoidLossTest::naive, LOSS);
    }

    private static double naive(LabelledScores scores) {
        double sum = 0;
        int known = 0;
        for (int q = 0; q < scores.scores().length; q++) {
            for (int i = 0; i < scores.scores()[q].length; i++) {
                if (scores.contradicted()[q][i] >= 0) {
                    double probability = 1 / (1 + Math.exp(-(scores.scores()[q][i] / TEMPERATURE + BIAS)));
                    sum -= Math.log(scores.positive(q, i) ? probability : 1 - probability);
                    known++;
                }
            }
        }
        return sum / known;
    }
}
