package dev.sightline.trainer.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SupervisedContrastiveLossTest {
    private static final double TEMPERATURE = 0.5;
    private static final SupervisedContrastiveLoss LOSS = new SupervisedContrastiveLoss((float) TEMPERATURE);

    @Test
    void isWhatItsFormulaSaysWorkedOutPairByPair() {
        LabelledScores scores = LabelledScores.random(1);

        assertThat(scores.evaluate(LOSS)).isCloseTo(naive(scores), within(1e-4));
    }

    @Test
    void isWhatWasWorkedOutByHand() {
        // positive and negative at the same score: −log(1/2); neither image has both kinds of query
        LabelledScores scores = LabelledScores.of(new double[][] {{0.4, 0.4, 0.9}}, new int[][] {{0, 1, -1}});

        assertThat(scores.evaluate(LOSS)).isCloseTo(Math.log(2), within(1e-6));
    }

    @Test
    void itsGradientIsThatOfFiniteDifferences() {
        LabelledScores.random(3).assertGradientIsThatOf(SupervisedContrastiveLossTest::naive, LOSS);
    }

    private static double naive(LabelledScores scores) {
        return anchored(scores) + anchored(scores.transposed());
    }

    private static double anchored(LabelledScores scores) {
        double sum = 0;
        int anchors = 0;
        for (int q = 0; q < scores.scores().length; q++) {
            if (!scores.hasTriplet(q)) {
                continue;
            }
            double[] row = scores.scores()[q];
            double mass = 0;
            for (int i = 0; i < row.length; i++) {
                mass += scores.contradicted()[q][i] >= 0 ? Math.exp(row[i] / TEMPERATURE) : 0;
            }
            double of = 0;
            int positives = 0;
            for (int i = 0; i < row.length; i++) {
                if (scores.positive(q, i)) {
                    of -= Math.log(Math.exp(row[i] / TEMPERATURE) / mass);
                    positives++;
                }
            }
            sum += of / positives;
            anchors++;
        }
        return sum / Math.max(1, anchors);
    }
}
