package dev.sightline.towers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import dev.sightline.domain.Embedding;
import java.util.function.DoubleUnaryOperator;

/**
 * Log-probabilities as unit vectors, so that one inner product is the logarithm of a product of experts (Hinton, "Training
 * Products of Experts by Minimizing Contrastive Divergence", 2002).
 *
 * <p>An embedding of d floats holds e = ⌊(d − 1) / 2⌋ experts. Of their logits l, an image's embedding is
 * {@code [log σ(l), log σ(−l), √(C − Σ log²)] / √C}; the embedding of a query is 1 for each log-probability it asks for, 0
 * elsewhere, over √(number asked). C is as large as the sum of squares can be, so every image has length 1 without a
 * division of its own, and the inner product orders images by {@code Σ log p}. The first experts are the schema's
 * attributes, in order; room for more is left alone.
 */
public final class LogProbabilities {
    /** Logits are cut here: a probability of 0.9997, beyond which a ranking hears only noise. */
    private static final float MAX_LOGIT = 8;

    /** A little above softplus(MAX_LOGIT)². */
    private static final float MAX_SQUARE = 64.1f;

    private LogProbabilities() {}

    /** How many experts an embedding of so many floats holds. */
    public static int experts(int dimension) {
        return (dimension - 1) / 2;
    }

    /** What the score of a query of one attribute is to be multiplied by to give a log-probability: √C. */
    public static float scale(int dimension) {
        return (float) Math.sqrt(experts(dimension) * MAX_SQUARE);
    }

    /** {@code [batch, experts]} logits to {@code [batch, dimension]} unit vectors. */
    static NDArray ofImages(NDArray logits, int dimension) {
        NDArray clipped = logits.clip(-MAX_LOGIT, MAX_LOGIT);
        NDArray known = NDArrays.concat(new NDList(logSigmoid(clipped), logSigmoid(clipped.neg())), 1);
        float scale = scale(dimension);
        NDArray padding =
                known.square().sum(new int[] {1}, true).neg().add(scale * scale).sqrt();
        var parts = new NDList(known, padding);
        int rest = dimension - 2 * experts(dimension) - 1;
        if (rest > 0) {
            parts.add(zeros(logits, rest));
        }
        return NDArrays.concat(parts, 1).div(scale);
    }

    /**
     * {@code [batch, attributes]} queries to {@code [batch, dimension]} unit vectors.
     *
     * @param asked how much each attribute counts, positive if required, negative if excluded, 0 if open; a ternary query
     *     counts all the same
     */
    public static NDArray ofQueries(NDArray asked, int dimension) {
        int attributes = (int) asked.getShape().get(1);
        int experts = experts(dimension);
        var parts = new NDList(Activation.relu(asked));
        if (experts > attributes) {
            parts.add(zeros(asked, experts - attributes));
        }
        parts.add(Activation.relu(asked.neg()));
        parts.add(zeros(asked, dimension - experts - attributes));
        return NDArrays.concat(parts, 1).normalize(2, 1);
    }

    /**
     * How probable it is that an image has what was asked: the geometric mean over the attributes, weighted as the query
     * weighs them, of the image's probabilities.
     *
     * @param query of {@link #ofQueries}, with an attribute in it
     * @return from its inner product with an image's embedding
     */
    static DoubleUnaryOperator probability(Embedding query) {
        float[] weights = query.toArray();
        double sum = 0;
        for (float weight : weights) {
            sum += weight;
        }
        double nats = scale(weights.length) / sum;
        return similarity -> Math.min(1, Math.exp(similarity * nats));
    }

    private static NDArray zeros(NDArray like, int columns) {
        return like.getManager().zeros(new Shape(like.getShape().get(0), columns), like.getDataType());
    }

    /** {@code log(1 / (1 + exp(−x)))}, exact for large |x|. */
    private static NDArray logSigmoid(NDArray x) {
        return Activation.softPlus(x.neg()).neg();
    }
}
