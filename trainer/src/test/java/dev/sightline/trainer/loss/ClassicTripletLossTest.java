package dev.sightline.trainer.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import org.junit.jupiter.api.Test;

class ClassicTripletLossTest {
    private static final ClassicTripletLoss LOSS = new ClassicTripletLoss(0.1f);
    private static final float[] POSITIVES = {0.6f, 0.8f, 1, 0};
    private static final float[] NEGATIVES = {0.8f, 0.6f, 0, 1};

    @Test
    void isWhatWasWorkedOutByHand() {
        // from (1, 0): √(0.4² + 0.8²) − √(0.2² + 0.6²) + 0.1, a violated triplet; 0 − √2 + 0.1 < 0, a met one
        double violated = Math.sqrt(0.8) - Math.sqrt(0.4) + 0.1;

        assertThat(evaluate(new float[] {1, 0, 1, 0})).isCloseTo(violated / 2, within(1e-5));
    }

    @Test
    void itsGradientIsThatOfFiniteDifferences() {
        float[] anchors = {0.7f, 0.3f, 0.2f, -0.9f};
        float[] gradient = gradient(anchors);
        for (int i = 0; i < anchors.length; i++) {
            float[] up = anchors.clone();
            float[] down = anchors.clone();
            up[i] += 1e-2f;
            down[i] -= 1e-2f;
            assertThat((double) gradient[i]).isCloseTo((evaluate(up) - evaluate(down)) / 2e-2, within(2e-3));
        }
    }

    @Test
    void hasAGradientWhereAnchorAndPositiveAreEqual() {
        assertThat(gradient(new float[] {0.6f, 0.8f, 1, 0})).doesNotContain(Float.NaN);
    }

    private static double evaluate(float[] anchors) {
        try (NDManager manager = NDManager.newBaseManager()) {
            return loss(manager, rows(manager, anchors)).getFloat();
        }
    }

    private static float[] gradient(float[] anchors) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray rows = rows(manager, anchors);
            rows.setRequiresGradient(true);
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                collector.backward(loss(manager, rows));
            }
            return rows.getGradient().toFloatArray();
        }
    }

    private static NDArray loss(NDManager manager, NDArray anchors) {
        return LOSS.evaluate(anchors, rows(manager, POSITIVES), rows(manager, NEGATIVES));
    }

    private static NDArray rows(NDManager manager, float[] values) {
        return manager.create(values, new Shape(2, 2));
    }
}
