package dev.sightline.towers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import dev.sightline.domain.Embedding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The image tower at work, made for the model's weights as they are: make another when they have changed. Its native
 * memory goes with {@link #close}, or with the model. One thread at a time.
 */
public final class ImageEmbedder implements AutoCloseable {
    private final NDManager manager;
    private final Block tower;
    private final Preprocessing preprocessing;
    private final ParameterStore parameters;

    /** @param manager closed with this */
    ImageEmbedder(NDManager manager, Block tower, Preprocessing preprocessing) {
        this.manager = manager;
        this.tower = tower;
        this.preprocessing = preprocessing;
        this.parameters = new ParameterStore(manager, false);
    }

    /**
     * Embeds prepared images, each {@code [3, inputSize, inputSize]} bytes, in order; where the preprocessing says so,
     * each together with its mirror image, by the normalised mean of both embeddings.
     *
     * @throws IllegalArgumentException if one has another size
     */
    public List<Embedding> embed(List<byte[]> prepared) {
        if (prepared.isEmpty()) {
            return List.of();
        }
        for (byte[] image : prepared) {
            if (image.length != preprocessing.byteCount()) {
                throw new IllegalArgumentException("a prepared image has " + preprocessing.byteCount()
                        + " bytes, but this one has " + image.length);
            }
        }
        try (NDManager scope = manager.newSubManager()) {
            NDArray pixels = PixelTensors.normalised(scope, preprocessing, prepared);
            NDArray embedded = forward(pixels);
            if (preprocessing.mirrored()) {
                embedded = embedded.add(forward(pixels.flip(3))).normalize(2, 1);
            }
            float[] values = embedded.toFloatArray();
            int dimension = values.length / prepared.size();
            List<Embedding> embeddings = new ArrayList<>(prepared.size());
            for (int i = 0; i < prepared.size(); i++) {
                embeddings.add(Embedding.ofUnit(Arrays.copyOfRange(values, i * dimension, (i + 1) * dimension)));
            }
            return embeddings;
        }
    }

    private NDArray forward(NDArray pixels) {
        return tower.forward(parameters, new NDList(pixels), false).singletonOrThrow();
    }

    @Override
    public void close() {
        manager.close();
    }
}
