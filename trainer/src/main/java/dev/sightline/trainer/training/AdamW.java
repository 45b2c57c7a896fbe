package dev.sightline.trainer.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import java.util.ArrayList;
import java.util.List;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, 2019, arXiv:1711.05101). Norms and biases do not decay. Its
 * moments can be saved, so that a resumed run goes on as if never interrupted. One thread.
 */
final class AdamW implements Optimiser {
    private static final double BETA_1 = 0.9;
    private static final double BETA_2 = 0.99;
    private static final double EPSILON = 1e-8;

    private static final double MAX_GRADIENT_NORM = 5;

    private final NDManager manager;
    private final float weightDecay;
    private final List<NDArray> weights = new ArrayList<>();
    private final List<NDArray> means = new ArrayList<>();
    private final List<NDArray> variances = new ArrayList<>();
    private final List<Boolean> decays = new ArrayList<>();
    private long step;

    AdamW(NDManager parent, Iterable<? extends Pair<String, Parameter>> parameters, float weightDecay) {
        this.manager = parent.newSubManager();
        this.weightDecay = weightDecay;
        for (var entry : parameters) {
            Parameter parameter = entry.getValue();
            if (parameter.requiresGradient()) {
                NDArray weight = parameter.getArray();
                weight.setRequiresGradient(true);
                weights.add(weight);
                means.add(manager.zeros(weight.getShape(), weight.getDataType()));
                variances.add(manager.zeros(weight.getShape(), weight.getDataType()));
                decays.add(parameter.getType() == Parameter.Type.WEIGHT);
            }
        }
    }

    /**
     * {@inheritDoc} Gradients together longer than {@link #MAX_GRADIENT_NORM} are scaled down to it.
     */
    @Override
    public void step(double learningRate) {
        step++;
        double norm = Gradients.norm(manager, weights);
        if (!Double.isFinite(norm)) {
            Gradients.clear(weights);
            return;
        }
        double clip = norm > MAX_GRADIENT_NORM ? MAX_GRADIENT_NORM / norm : 1;
        double scale = learningRate * Math.sqrt(1 - Math.pow(BETA_2, step)) / (1 - Math.pow(BETA_1, step));
        for (int i = 0; i < weights.size(); i++) {
            NDArray weight = weights.get(i);
            if (!weight.hasGradient()) {
                continue;
            }
            try (NDManager scope = manager.newSubManager();
                    NDArray gradient = weight.getGradient()) {
                NDArray mean = means.get(i);
                NDArray variance = variances.get(i);
                gradient.muli(clip);
                mean.muli(BETA_1).addi(in(scope, gradient.mul(1 - BETA_1)));
                variance.muli(BETA_2)
                        .addi(in(scope, in(scope, gradient.square()).muli(1 - BETA_2)));
                NDArray update = in(scope, mean.mul(scale))
                        .divi(in(scope, variance.sqrt()).addi(EPSILON));
                if (decays.get(i)) {
                    weight.muli(1 - learningRate * weightDecay);
                }
                weight.subi(update);
                gradient.muli(0);
            }
        }
    }

    private static NDArray in(NDManager scope, NDArray array) {
        array.attach(scope);
        return array;
    }

    @Override
    public long steps() {
        return step;
    }

    /** Means first, then variances. */
    @Override
    public NDList moments() {
        var moments = new NDList(means);
        moments.addAll(variances);
        return moments;
    }

    @Override
    public void restore(long steps, NDList moments) {
        step = steps;
        for (int i = 0; i < means.size(); i++) {
            moments.get(i).copyTo(means.get(i));
            moments.get(means.size() + i).copyTo(variances.get(i));
        }
    }

    @Override
    public void close() {
        weights.forEach(weight -> weight.setRequiresGradient(false));
        manager.close();
    }
}
