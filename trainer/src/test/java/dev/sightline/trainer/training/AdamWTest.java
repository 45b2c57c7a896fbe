package dev.sightline.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.util.Pair;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdamWTest {
    private static final double RATE = 0.01;
    private static final double DECAY = 0.1;

    /** Loshchilov and Hutter (2019), algorithm 2, in double precision; the loss is Σ s wᵢ² / 2, so the gradient is s w. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void itIsThePublishedAlgorithm(boolean inOnePass) {
        try (NDManager manager = NDManager.newBaseManager()) {
            Parameter weight = parameter(manager, Parameter.Type.WEIGHT, 150_000);
            Parameter bias = parameter(manager, Parameter.Type.BIAS, 2);
            try (var optimiser = new AdamW(
                    manager, List.of(new Pair<>("w", weight), new Pair<>("b", bias)), (float) DECAY, inOnePass)) {
                for (int step = 1; step <= 5; step++) {
                    Gradients.stopRecording();
                    backward(manager, weight, bias, step % 2 == 0 ? -0.01f : 0.01f);
                    optimiser.step(RATE);
                }
                assertThat(weight.getArray().getFloat(149_999)).isCloseTo((float) expected(1, DECAY), within(1e-6f));
                assertThat(bias.getArray().getFloat(1)).isCloseTo((float) expected(1, 0), within(1e-6f));
                assertThat(weight.getArray().getGradient().sum().getFloat()).isZero();
                assertThat(optimiser.steps()).isEqualTo(5);
            }
        }
    }

    private static double expected(double weight, double decay) {
        double mean = 0;
        double variance = 0;
        for (int step = 1; step <= 5; step++) {
            double gradient = (step % 2 == 0 ? -0.01 : 0.01) * weight;
            mean = 0.9 * mean + 0.1 * gradient;
            variance = 0.99 * variance + 0.01 * gradient * gradient;
            double update =
                    mean / (1 - Math.pow(0.9, step)) / (Math.sqrt(variance / (1 - Math.pow(0.99, step))) + 1e-8);
            weight -= RATE * (update + decay * weight);
        }
        return weight;
    }

    private static Parameter parameter(NDManager manager, Parameter.Type type, int size) {
        Parameter parameter = Parameter.builder().setName("p").setType(type).build();
        parameter.setArray(manager.ones(new Shape(size)));
        return parameter;
    }

    private static void backward(NDManager manager, Parameter weight, Parameter bias, float slope) {
        try (NDManager scope = manager.newSubManager();
                GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            NDArray loss = scope.create(0f);
            for (Parameter parameter : List.of(weight, bias)) {
                loss = loss.add(parameter.getArray().square().sum().mul(slope / 2));
            }
            collector.backward(loss);
        }
    }
}
