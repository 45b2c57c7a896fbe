package dev.sightline.trainer.loss;

import ai.djl.ndarray.NDArray;

/**
 * InfoNCE with several positives: the supervised contrastive loss L_out of Khosla et al. (NeurIPS 2020, arXiv:2004.11362),
 * between queries and images. For an anchor with positives P and negatives N, at temperature t:
 *
 * <pre>L = −1/|P| Σ_p log( exp(s_p / t) / Σ_{a ∈ P ∪ N} exp(s_a / t) )</pre>
 *
 * Every query is an anchor among the images, and every image among the queries.
 */
public record SupervisedContrastiveLoss(float temperature) implements PairLoss {

    public SupervisedContrastiveLoss {
        if (!(temperature > 0)) {
            throw new IllegalArgumentException("the temperature must be positive, but it was " + temperature);
        }
    }

    /** The mean over anchors with both a positive and a negative. */
    @Override
    public NDArray evaluate(NDArray scores, Pairs pairs) {
        NDArray logits = scores.div(temperature);
        return anchored(logits, pairs, 1).add(anchored(logits, pairs, 0));
    }

    private static NDArray anchored(NDArray logits, Pairs pairs, int axis) {
        int[] others = {axis};
        NDArray positives = pairs.positives();
        NDArray mass = Masked.logSumExp(logits, positives.add(pairs.negatives()), axis);
        NDArray meanPositive =
                logits.mul(positives).sum(others).div(positives.sum(others).maximum(1));
        return Masked.mean(mass.sub(meanPositive), Masked.anchors(pairs, axis));
    }
}
