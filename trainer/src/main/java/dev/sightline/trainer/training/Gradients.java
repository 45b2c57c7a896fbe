package dev.sightline.trainer.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;

/** The gradients of all weights that take any now, together. */
final class Gradients {
    private Gradients() {}

    /**
     * On this thread nothing is recorded until a collector is opened. PyTorch records on every thread by default, DJL turns
     * it off only on the one that happened to start the engine, and a weight cannot be changed in place while it is on. The
     * engine must have been started.
     */
    static void stopRecording() {
        JniUtils.setGradMode(false);
    }

    /** The length of all gradients as one vector. */
    static double norm(NDManager manager, List<NDArray> weights) {
        try (NDManager scope = manager.newSubManager()) {
            NDArray sum = scope.create(0f);
            for (NDArray weight : weights) {
                if (!weight.hasGradient()) {
                    continue;
                }
                NDArray gradient = weight.getGradient();
                gradient.attach(scope);
                sum.addi(gradient.norm().square());
            }
            return Math.sqrt(sum.getFloat());
        }
    }

    /**
     * Sets every gradient to 0. Not by multiplying, which leaves NaN as it is; nor by {@link NDArray#copyTo}, after which
     * the gradient lies in a Java buffer that nothing holds, to be freed under it.
     */
    static void clear(List<NDArray> weights) {
        for (NDArray weight : weights) {
            if (weight.hasGradient()) {
                try (NDArray gradient = weight.getGradient()) {
                    gradient.set(new NDIndex("..."), 0f);
                }
            }
        }
    }
}
