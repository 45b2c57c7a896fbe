package dev.sightline.trainer.loss;

import ai.djl.ndarray.NDArray;

/**
 * The triplet margin loss on Euclidean distances (Balntas et al., BMVC 2016, as in PyTorch's {@code TripletMarginLoss}), one
 * given triplet a row:
 *
 * <pre>L = mean of max(0, ‖a − p‖ − ‖a − n‖ + margin)</pre>
 */
public record ClassicTripletLoss(float margin) {
    /** Added to each difference, so that the distance of equal points has a gradient. */
    private static final float EPSILON = 1e-6f;

    public ClassicTripletLoss {
        if (margin < 0) {
            throw new IllegalArgumentException("the margin must not be negative, but it was " + margin);
        }
    }

    /** All three {@code [triplets, dimension]}; a scalar. */
    public NDArray evaluate(NDArray anchors, NDArray positives, NDArray negatives) {
        return distance(anchors, positives)
                .sub(distance(anchors, negatives))
                .add(margin)
                .maximum(0)
                .mean();
    }

    private static NDArray distance(NDArray from, NDArray to) {
        return from.sub(to).add(EPSILON).square().sum(new int[] {1}).sqrt();
    }
}
