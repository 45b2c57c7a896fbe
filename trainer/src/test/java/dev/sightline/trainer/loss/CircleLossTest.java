package dev.sightline.trainer.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CircleLossTest {
    private static final double RELAXATION = 0.25;
    private static final double SCALE = 4;
    private static final CircleLoss LOSS = new CircleLoss((float) RELAXATION, (float) SCALE);

    @Test
    void isWhatItsFormulaSaysWorkedOutPairByPair() {
        LabelledScores scores = LabelledScores.random(1);

        assertThat(scores.evaluate(LOSS)).isCloseTo(naive(scores, scores), within(1e-4));
    }

    @Test
    void isWhatWasWorkedOutByHand() {
        // α_p = 1.25 − 0.75, pulled to 0.75: exponent 0; α_n = 0.25 + 0.25, pushed to 0.25: exponent 0; log(1 + 1·1)
        LabelledScores scores = LabelledScores.of(new double[][] {{0.75, 0.25}}, new int[][] {{0, 1}});

        assertThat(scores.evaluate(LOSS)).isCloseTo(Math.log(2), within(1e-6));
    }

    @Test
    void itsGradientIsThatOfFiniteDifferencesWithConstantPulls() {
        LabelledScores scores = LabelledScores.random(3);

        scores.assertGradientIsThatOf(changed -> naive(changed, scores), LOSS);
    }

    /** @param pulled the scores by which pairs are pulled */
    private static double naive(LabelledScores scores, LabelledScores pulled) {
        double sum = 0;
        int anchors = 0;
        for (int q = 0; q < scores.scores().length; q++) {
            if (!scores.hasTriplet(q)) {
                continue;
            }
            double negatives = 0;
            double positives = 0;
            for (int i = 0; i < scores.scores()[q].length; i++) {
                double score = scores.scores()[q][i];
                double from = pulled.scores()[q][i];
                if (scores.negative(q, i)) {
                    negatives += Math.exp(SCALE * Math.max(0, from + RELAXATION) * (score - RELAXATION));
                } else if (scores.positive(q, i)) {
                    positives += Math.exp(-SCALE * Math.max(0, 1 + RELAXATION - from) * (score - 1 + RELAXATION));
                }
            }
            sum += Math.log1p(negatives * positives);
            anchors++;
        }
        return sum / Math.max(1, anchors);
    }
}
