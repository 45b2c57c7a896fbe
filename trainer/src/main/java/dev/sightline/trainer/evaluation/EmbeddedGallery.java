package dev.sightline.trainer.evaluation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.sightline.domain.Embedding;
import dev.sightline.towers.ImageEmbedder;
import dev.sightline.towers.QueryEmbedder;
import dev.sightline.towers.TwoTowerModel;
import dev.sightline.trainer.dataset.PreparedImages;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * The embeddings of a gallery as one matrix, scored by one matrix product a batch of queries. Owns native memory until
 * {@link #close}. One thread at a time.
 */
public final class EmbeddedGallery implements AutoCloseable {
    private static final int BATCH = 64;

    private final List<Embedding> embeddings;
    private final NDManager manager;
    /** {@code [dimension, gallery]}. */
    private final NDArray columns;

    private EmbeddedGallery(List<Embedding> embeddings, NDManager manager) {
        this.embeddings = embeddings;
        this.manager = manager;
        NDArray rows = matrix(manager, embeddings);
        this.columns = rows.transpose();
    }

    /** @param embeddings all of one dimension, at least one */
    public static EmbeddedGallery of(List<Embedding> embeddings) {
        return new EmbeddedGallery(List.copyOf(embeddings), NDManager.newBaseManager("PyTorch"));
    }

    /**
     * Embeds the images at {@code ordinals}, in that order.
     *
     * @param embedded told after each batch how many are done
     */
    public static EmbeddedGallery of(
            TwoTowerModel model, PreparedImages pixels, List<Integer> ordinals, IntConsumer embedded) {
        List<Embedding> embeddings = new ArrayList<>(ordinals.size());
        try (ImageEmbedder embedder = model.imageEmbedder()) {
            for (int from = 0; from < ordinals.size(); from += BATCH) {
                embeddings.addAll(embedder.embed(
                        ordinals.subList(from, Math.min(from + BATCH, ordinals.size())).stream()
                                .map(pixels::get)
                                .toList()));
                embedded.accept(embeddings.size());
            }
        }
        return of(embeddings);
    }

    public List<Embedding> embeddings() {
        return embeddings;
    }

    /** Cosine similarities {@code [points][gallery]}; higher is closer. */
    public float[][] scores(List<Embedding> points) {
        try (NDManager scope = manager.newSubManager()) {
            NDArray product = matrix(scope, points).matMul(columns);
            product.attach(scope);
            float[] flat = product.toFloatArray();
            float[][] scores = new float[points.size()][];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = Arrays.copyOfRange(flat, i * embeddings.size(), (i + 1) * embeddings.size());
            }
            return scores;
        }
    }

    /** Ranks by the inner product of the query tower's embedding with each image's. */
    public Ranker ranker(QueryEmbedder queries) {
        return Ranker.by(asked -> scores(asked.stream().map(queries::embed).toList()));
    }

    private static NDArray matrix(NDManager manager, List<Embedding> embeddings) {
        int dimension = embeddings.getFirst().dimension();
        float[] flat = new float[embeddings.size() * dimension];
        for (int i = 0; i < embeddings.size(); i++) {
            System.arraycopy(embeddings.get(i).toArray(), 0, flat, i * dimension, dimension);
        }
        return manager.create(flat, new Shape(embeddings.size(), dimension));
    }

    @Override
    public void close() {
        manager.close();
    }
}
