package dev.sightline.trainer.training;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import dev.sightline.towers.TwoTowerModel;
import java.util.List;

/**
 * The exponential moving average of a model's weights and running statistics (Polyak and Juditsky, 1992; in the form of
 * Tarvainen and Valpola, "Mean teachers are better role models", 2017, arXiv:1703.01780): steadier than the weights of any
 * one step. While young it forgets faster: after n steps it keeps {@code min(decay, (1 + n) / (10 + n))}. One thread.
 */
final class WeightAverage {
    private final float decay;
    private final List<Parameter> weights;
    private final List<Parameter> averages;

    /** @param average holds the average; starts as it is */
    WeightAverage(TwoTowerModel model, TwoTowerModel average, float decay) {
        this.decay = decay;
        this.weights = model.parameters();
        this.averages = average.parameters();
    }

    /** Takes in the weights as they are after so many steps. */
    void update(long steps) {
        double kept = Math.min(decay, (1.0 + steps) / (10 + steps));
        for (int i = 0; i < weights.size(); i++) {
            try (NDArray share = weights.get(i).getArray().stopGradient();
                    NDArray taken = share.mul(1 - kept)) {
                averages.get(i).getArray().muli(kept).addi(taken);
            }
        }
    }
}
