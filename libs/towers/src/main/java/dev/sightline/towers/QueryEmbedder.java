package dev.sightline.towers;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import dev.sightline.domain.AttributeQuery;
import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.Embedding;
import java.util.function.DoubleUnaryOperator;

/** The query tower at work. Thread-safe: a forward pass takes microseconds, so callers simply take turns. */
public final class QueryEmbedder {
    private final NDManager manager;
    private final Block tower;
    private final TowerDesign design;
    private final AttributeSchema schema;
    private final ParameterStore parameters;

    QueryEmbedder(NDManager manager, Block tower, TowerDesign design, AttributeSchema schema) {
        this.manager = manager;
        this.tower = tower;
        this.design = design;
        this.schema = schema;
        this.parameters = new ParameterStore(manager, false);
    }

    /** @throws dev.sightline.domain.UnknownAttributeException if the model's schema lacks an attribute asked for */
    public synchronized Embedding embed(AttributeQuery query) {
        float[] encoded = query.encode(schema);
        try (NDManager scope = manager.newSubManager()) {
            var input = new NDList(scope.create(encoded, new Shape(1, encoded.length)));
            return Embedding.ofUnit(
                    tower.forward(parameters, input, false).singletonOrThrow().toFloatArray());
        }
    }

    /**
     * What people are told of a similarity, 0 or more up to 1 where embeddings are log-probabilities: how probable it is that
     * the image has what was asked, as a geometric mean over the attributes. Elsewhere the cosine similarity as it is.
     *
     * @param query an embedding of {@link #embed}, of at least one attribute
     * @return from the similarity of an image to it
     */
    public DoubleUnaryOperator score(Embedding query) {
        return switch (design) {
            case LOG_PROBABILITIES, LOGISTIC -> LogProbabilities.probability(query);
            case CLASSIC -> DoubleUnaryOperator.identity();
        };
    }
}
