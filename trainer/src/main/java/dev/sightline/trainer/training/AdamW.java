package dev.sightline.trainer.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, 2019, arXiv:1711.05101). Norms and biases do not decay. Its
 * moments can be saved, so that a resumed run goes on as if never interrupted. One thread.
 */
final class AdamW implements Optimiser {
    private static final double BETA_1 = 0.9;
    private static final double BETA_2 = 0.99;
    private static final double EPSILON = 1e-8;

    private static final double MAX_GRADIENT_NORM = 5;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    private final NDManager manager;
    private final float weightDecay;
    private final List<NDArray> weights = new ArrayList<>();
    private final List<NDArray> means = new ArrayList<>();
    private final List<NDArray> variances = new ArrayList<>();
    private final List<Boolean> decays = new ArrayList<>();
    private final boolean inOnePass;
    private long step;

    AdamW(NDManager parent, Iterable<? extends Pair<String, Parameter>> parameters, float weightDecay) {
        this(parent, parameters, weightDecay, true);
    }

    /** @param inOnePass update in host memory, where that is possible, instead of with tensor operations */
    AdamW(
            NDManager parent,
            Iterable<? extends Pair<String, Parameter>> parameters,
            float weightDecay,
            boolean inOnePass) {
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
        this.inOnePass = inOnePass && HostTensors.canHold(weights);
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
        double rate = learningRate * Math.sqrt(1 - Math.pow(BETA_2, step)) / (1 - Math.pow(BETA_1, step));
        double kept = 1 - learningRate * weightDecay;
        List<Integer> moved = IntStream.range(0, weights.size())
                .filter(i -> weights.get(i).hasGradient())
                .boxed()
                .toList();
        try (NDManager scope = manager.newSubManager()) {
            List<NDArray> gradients = moved.stream()
                    .map(i -> in(scope, weights.get(i).getGradient()))
                    .toList();
            if (inOnePass) {
                HostTensors.forEach(
                        (place, of, from, to) ->
                                update(of, from, to, clip, rate, decays.get(moved.get(place)) ? kept : 1),
                        at(moved, weights),
                        gradients,
                        at(moved, means),
                        at(moved, variances));
            } else {
                for (int place = 0; place < moved.size(); place++) {
                    int i = moved.get(place);
                    update(scope, i, gradients.get(place), clip, rate, decays.get(i) ? kept : 1);
                }
            }
        }
    }

    private static List<NDArray> at(List<Integer> places, List<NDArray> tensors) {
        return places.stream().map(tensors::get).toList();
    }

    /** Of weights, gradients, means and variances in host memory. */
    private static void update(MemorySegment[] of, long from, long to, double clip, double rate, double kept) {
        MemorySegment weights = of[0];
        MemorySegment gradients = of[1];
        MemorySegment means = of[2];
        MemorySegment variances = of[3];
        for (long i = from; i < to; i++) {
            double gradient = clip * gradients.getAtIndex(FLOAT, i);
            double mean = BETA_1 * means.getAtIndex(FLOAT, i) + (1 - BETA_1) * gradient;
            double variance = BETA_2 * variances.getAtIndex(FLOAT, i) + (1 - BETA_2) * gradient * gradient;
            double weight = kept * weights.getAtIndex(FLOAT, i) - rate * mean / (Math.sqrt(variance) + EPSILON);
            means.setAtIndex(FLOAT, i, (float) mean);
            variances.setAtIndex(FLOAT, i, (float) variance);
            weights.setAtIndex(FLOAT, i, (float) weight);
            gradients.setAtIndex(FLOAT, i, 0);
        }
    }

    /** The same with tensor operations, wherever the tensors are. */
    private void update(NDManager scope, int i, NDArray gradient, double clip, double rate, double kept) {
        NDArray mean = means.get(i);
        NDArray variance = variances.get(i);
        gradient.muli(clip);
        mean.muli(BETA_1).addi(in(scope, gradient.mul(1 - BETA_1)));
        variance.muli(BETA_2).addi(in(scope, in(scope, gradient.square()).muli(1 - BETA_2)));
        NDArray update =
                in(scope, mean.mul(rate)).divi(in(scope, variance.sqrt()).addi(EPSILON));
        weights.get(i).muli(kept).subi(update);
        gradient.muli(0);
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
