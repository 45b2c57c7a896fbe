package dev.sightline.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class GradientsTest {
    @Test
    void aGradientThatOverflowedIsClearedToo() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray weight = weight(manager, 3, 4);
            backward(() -> weight.mul(Float.POSITIVE_INFINITY).sum());
            assertThat(Gradients.norm(manager, List.of(weight))).isInfinite();

            Gradients.clear(List.of(weight));
            assertThat(weight.getGradient().toFloatArray()).containsOnly(0f);

            backward(() -> weight.mul(2).sum());
            assertThat(weight.getGradient().toFloatArray()).containsOnly(2f);
        }
    }

    @Test
    void theNormIsOfAllGradientsAsOneVector() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray one = weight(manager, 1, 1);
            NDArray other = weight(manager, 1, 2);
            backward(() -> one.mul(3).sum().add(other.mul(4).sum()));

            // 3² + 4² + 4²
            assertThat(Gradients.norm(manager, List.of(one, other))).isCloseTo(Math.sqrt(41), within(1e-5));
        }
    }

    private static NDArray weight(NDManager manager, int rows, int columns) {
        NDArray weight = manager.ones(new Shape(rows, columns));
        weight.setRequiresGradient(true);
        return weight;
    }

    private static void backward(Supplier<NDArray> loss) {
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            collector.backward(loss.get());
        }
    }
}
