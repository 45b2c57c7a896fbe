package dev.sightline.towers;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.List;

/**
 * An image tower with each BatchNorm folded into the convolution before it, for inference: with fixed statistics
 * {@code γ (W x − μ) / √(σ² + ε) + β} is itself a convolution, with weights {@code W γ / √(σ² + ε)} and bias
 * {@code β − μ γ / √(σ² + ε)}.
 */
final class FoldedTower {
    private FoldedTower() {}

    /**
     * A copy of {@code trained}, a tower of {@link ConvolutionalBackbone}, as it is now.
     *
     * @param manager owns the copy's native memory
     */
    static Block of(Block trained, TowerSettings settings, NDManager manager) {
        Block folded = TowerBlocks.imageTower(settings, ConvolutionalBackbone.folded(settings));
        List<Parameter> from = trained.getParameters().values();
        List<Parameter> to = folded.getParameters().values();
        int read = 0;
        int written = 0;
        while (read < from.size()) {
            boolean normed = read + 1 < from.size() && from.get(read + 1).getType() == Parameter.Type.GAMMA;
            if (normed) {
                fold(from.subList(read, read + 5), to.get(written), to.get(written + 1), manager);
            } else {
                put(to.get(written), values(from.get(read)), shape(from.get(read)), manager);
            }
            read += normed ? 5 : 1;
            written += normed ? 2 : 1;
        }
        return folded;
    }

    /** @param from weight, gamma, beta, running mean and running variance */
    private static void fold(List<Parameter> from, Parameter weight, Parameter bias, NDManager manager) {
        float[] weights = values(from.get(0));
        float[] gamma = values(from.get(1));
        float[] beta = values(from.get(2));
        float[] mean = values(from.get(3));
        float[] variance = values(from.get(4));
        int filterSize = weights.length / gamma.length;
        float[] biases = new float[gamma.length];
        for (int c = 0; c < gamma.length; c++) {
            double scale = gamma[c] / Math.sqrt(variance[c] + ConvolutionalBackbone.EPSILON);
            for (int i = c * filterSize; i < (c + 1) * filterSize; i++) {
                weights[i] = (float) (weights[i] * scale);
            }
            biases[c] = (float) (beta[c] - mean[c] * scale);
        }
        put(weight, weights, shape(from.get(0)), manager);
        put(bias, biases, new Shape(biases.length), manager);
    }

    private static float[] values(Parameter parameter) {
        return parameter.getArray().toFloatArray();
    }

    private static Shape shape(Parameter parameter) {
        return parameter.getArray().getShape();
    }

    private static void put(Parameter parameter, float[] values, Shape shape, NDManager manager) {
        parameter.setArray(manager.create(values, shape));
    }
}
