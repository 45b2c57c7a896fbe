package dev.sightline.trainer.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import java.util.ArrayList;
import java.util.List;

/**
 * Stochastic gradient descent with momentum and weight decay on every parameter, as PyTorch's {@code SGD}:
 * {@code v ← μ v + g + λ w; w ← w − η v}. One thread.
 */
final class MomentumSgd implements Optimiser {
    private final NDManager manager;
    private final float weightDecay;
    private final float momentum;
    private final List<NDArray> weights = new ArrayList<>();
    private final List<NDArray> velocities = new ArrayList<>();
    private long step;

    MomentumSgd(
            NDManager parent,
            Iterable<? extends Pair<String, Parameter>> parameters,
            float weightDecay,
            float momentum) {
        this.manager = parent.newSubManager();
        this.weightDecay = weightDecay;
        this.momentum = momentum;
        for (var entry : parameters) {
            if (entry.getValue().requiresGradient()) {
                NDArray weight = entry.getValue().getArray();
                weight.setRequiresGradient(true);
                weights.add(weight);
                velocities.add(manager.zeros(weight.getShape(), weight.getDataType()));
            }
        }
    }

    @Override
    public void step(double learningRate) {
        step++;
        boolean finite = Double.isFinite(Gradients.norm(manager, weights));
        for (int i = 0; finite && i < weights.size(); i++) {
            NDArray weight = weights.get(i);
            if (!weight.hasGradient()) {
                continue;
            }
            NDArray velocity = velocities.get(i);
            try (NDArray gradient = weight.getGradient();
                    NDArray decay = weight.mul(weightDecay)) {
                velocity.muli(momentum).addi(gradient).addi(decay);
                try (NDArray update = velocity.mul(learningRate)) {
                    weight.subi(update);
                }
            }
        }
        Gradients.clear(weights);
    }

    @Override
    public long steps() {
        return step;
    }

    @Override
    public NDList moments() {
        return new NDList(velocities);
    }

    @Override
    public void restore(long steps, NDList moments) {
        step = steps;
        for (int i = 0; i < velocities.size(); i++) {
            moments.get(i).copyTo(velocities.get(i));
        }
    }

    @Override
    public void close() {
        weights.forEach(weight -> weight.setRequiresGradient(false));
        manager.close();
    }
}
