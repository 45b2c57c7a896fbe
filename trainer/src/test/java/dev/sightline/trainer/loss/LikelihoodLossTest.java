package dev.sightline.trainer.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LikelihoodLossTest {
    private static final LikelihoodLoss LOSS = new LikelihoodLoss(10);

    @Test
    void isTheMeanNegativeLogProbabilityOfWhatIsTrue() {
        // positives at 0.1 · log ½ and 0.1 · log ⅛: mean of log 2 and log 8
        LabelledScores scores = LabelledScores.of(
                new double[][] {{0.1 * Math.log(0.5), -3}, {-3, 0.1 * Math.log(0.125)}}, new int[][] {{0, 1}, {-1, 0}});

        assertThat(scores.evaluate(LOSS)).isCloseTo(2 * Math.log(2), within(1e-5));
    }

    @Test
    void itsGradientIsThatOfFiniteDifferences() {
        LabelledScores.random(3).assertGradientIsThatOf(LikelihoodLossTest::naive, LOSS);
    }

    private static double naive(LabelledScores scores) {
        double sum = 0;
        int positives = 0;
        for (int q = 0; q < scores.scores().length; q++) {
            for (int i = 0; i < scores.scores()[q].length; i++) {
                if (scores.positive(q, i)) {
                    sum -= 10 * scores.scores()[q][i];
                    positives++;
                }
            }
        }
        return sum / positives;
    }
}
