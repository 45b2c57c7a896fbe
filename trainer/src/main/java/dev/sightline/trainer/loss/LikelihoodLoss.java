package dev.sightline.trainer.loss;

import ai.djl.ndarray.NDArray;

/**
 * Negative log-likelihood, for scores that are log-probabilities over {@code scale}: with queries of one attribute, each
 * asked both ways, the binary cross-entropy of independent logistic heads.
 *
 * <pre>L = − scale · mean over positive pairs of s</pre>
 */
public record LikelihoodLoss(float scale) implements PairLoss {

    public LikelihoodLoss {
        if (!(scale > 0)) {
            throw new IllegalArgumentException("the scale must be positive, but it was " + scale);
        }
    }

    @Override
    public NDArray evaluate(NDArray scores, Pairs pairs) {
        return scores.mul(pairs.positives())
                .sum()
                .mul(-scale)
                .div(pairs.positives().sum().maximum(1));
    }
}
