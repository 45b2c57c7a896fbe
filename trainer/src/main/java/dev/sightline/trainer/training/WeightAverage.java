package dev.sightline.trainer.training;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import dev.sightline.towers.TwoTowerModel;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * The exponential moving average of a model's weights and running statistics (Polyak and Juditsky, 1992; in the form of
 * Tarvainen and Valpola, "Mean teachers are better role models", 2017, arXiv:1703.01780): steadier than the weights of any
 * one step. While young it forgets faster: after n steps it keeps {@code min(decay, (1 + n) / (10 + n))}. One thread.
 */
final class WeightAverage {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    private final float decay;
    private final List<NDArray> weights;
    private final List<NDArray> averages;
    private final boolean inOnePass;

    /** @param average holds the average; starts as it is */
    WeightAverage(TwoTowerModel model, TwoTowerModel average, float decay) {
        this.decay = decay;
        this.weights = model.parameters().stream().map(Parameter::getArray).toList();
        this.averages = average.parameters().stream().map(Parameter::getArray).toList();
        this.inOnePass = HostTensors.canHold(weights) && HostTensors.canHold(averages);
    }

    /** Takes in the weights as they are after so many steps. */
    void update(long steps) {
        double kept = Math.min(decay, (1.0 + steps) / (10 + steps));
        if (inOnePass) {
            HostTensors.forEach((place, of, from, to) -> update(of[0], of[1], from, to, kept), weights, averages);
            return;
        }
        for (int i = 0; i < weights.size(); i++) {
            try (NDArray share = weights.get(i).stopGradient();
                    NDArray taken = share.mul(1 - kept)) {
                averages.get(i).muli(kept).addi(taken);
            }
        }
    }

    private static void update(MemorySegment weights, MemorySegment averages, long from, long to, double kept) {
        for (long i = from; i < to; i++) {
            double average = kept * averages.getAtIndex(FLOAT, i) + (1 - kept) * weights.getAtIndex(FLOAT, i);
            averages.setAtIndex(FLOAT, i, (float) average);
        }
    }
}
