package dev.sightline.towers;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.pooling.Pool;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A backbone that came as a TorchScript module, as one block: {@code [batch, 3, size, size]} normalised pixels to
 * {@code [batch, features]}. What the module gives as {@code [batch, features, height, width]} is averaged over height and
 * width.
 *
 * <p>Its parameters are those of the module, in the module's own memory, so a change to one is a change to the other. The
 * module always runs as in inference, with gradients: BatchNorms keep the statistics they came with, as is usual when
 * pretrained weights are tuned, and DJL has no way to read or copy them. Parameters that an optimiser moves must not be
 * used by another thread meanwhile.
 */
final class TorchScriptBackbone extends AbstractBlock {
    private final PtSymbolBlock module;
    private final int features;

    /**
     * @param manager owns the native memory
     * @param file a module as {@code torch.jit.save} writes it
     * @throws IllegalArgumentException if it is none, or is no backbone for images of this size
     */
    TorchScriptBackbone(NDManager manager, byte[] file, Preprocessing preprocessing) {
        this.module = load(manager, file);
        JniUtils.enableInferenceMode(module);
        for (NDArray array : JniUtils.moduleGetParams(module, (PtNDManager) manager)) {
            array.setRequiresGradient(false);
            addParameter(Parameter.builder()
                    .setName(array.getName())
                    .setType(array.getShape().dimension() > 1 ? Parameter.Type.WEIGHT : Parameter.Type.BIAS)
                    .optArray(array)
                    .build());
        }
        this.features = features(manager, preprocessing);
    }

    private static PtSymbolBlock load(NDManager manager, byte[] file) {
        try {
            return JniUtils.loadModule((PtNDManager) manager, new ByteArrayInputStream(file), true, false);
        } catch (EngineException e) {
            throw new IllegalArgumentException(
                    "this is not a TorchScript module; write one with trainer/export_backbone.py or torch.jit.save", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read memory", e);
        }
    }

    /** By trying it on pixels that lie in memory as they always will: to some operations of PyTorch that matters. */
    private int features(NDManager manager, Preprocessing preprocessing) {
        if (parameters.isEmpty()) {
            throw new IllegalArgumentException("this TorchScript module has no parameters to train; export it without"
                    + " torch.jit.freeze or optimize_for_inference");
        }
        try (NDManager scope = manager.newSubManager()) {
            byte[] black = new byte[preprocessing.byteCount()];
            NDArray pixels = PixelTensors.normalised(scope, preprocessing, List.of(black, black));
            Shape input = pixels.getShape();
            Shape[] outputs = run(new NDList(pixels)).getShapes();
            if (outputs.length != 1 || !isBackbone(outputs[0], input)) {
                throw new IllegalArgumentException("this TorchScript module maps " + input + " to "
                        + Arrays.toString(outputs) + "; a backbone gives one tensor, [batch, features] or"
                        + " [batch, features, height, width]: export it without its head, as"
                        + " trainer/export_backbone.py does");
            }
            return Math.toIntExact(outputs[0].get(1));
        } catch (EngineException e) {
            int size = preprocessing.inputSize();
            throw new IllegalArgumentException(
                    "this TorchScript module does not run on images of " + size + "×" + size
                            + " pixels; export it for this size with trainer/export_backbone.py --size " + size + ": "
                            + e.getMessage(),
                    e);
        }
    }

    private static boolean isBackbone(Shape output, Shape input) {
        boolean featuresOrMaps = output.dimension() == 2 || output.dimension() == 4;
        return featuresOrMaps && output.get(0) == input.get(0);
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, @Nullable PairList<String, Object> params) {
        NDArray output = run(inputs).singletonOrThrow();
        return new NDList(
                output.getShape().dimension() == 4
                        ? Pool.globalAvgPool2d(output).reshape(-1, features)
                        : output);
    }

    private NDList run(NDList inputs) {
        // Or the first passes of each shape stall while the module is compiled anew. PyTorch keeps this per thread.
        JniUtils.setGraphExecutorOptimize(false);
        // "Training" to DJL is only: may record. Whether it does is up to the thread and the parameters.
        return IValueUtils.forward(module, inputs, true);
    }

    /** The module with its parameters as they are now, as {@code torch.jit.save} writes it. */
    byte[] toBytes() {
        var bytes = new ByteArrayOutputStream();
        JniUtils.writeModule(module, bytes, false);
        return bytes.toByteArray();
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
        return new Shape[] {new Shape(inputs[0].get(0), features)};
    }

    @Override
    public boolean isInitialized() {
        return true;
    }

    @Override
    public void initialize(NDManager manager, DataType dataType, Shape... shapes) {
        beforeInitialize(shapes);
    }

    /** Nothing: {@link #toBytes} has the parameters. */
    @Override
    public void saveParameters(DataOutputStream output) {}

    /** Nothing: they came with the module. */
    @Override
    public void loadParameters(NDManager manager, DataInputStream input) {}
}
