package dev.sightline.trainer.loss;

import ai.djl.ndarray.NDArray;

/** Reductions over the entries of an array where a mask of the same shape is 1; 0 elsewhere. */
final class Masked {
    /** Out of the way of any score over any temperature in use, and small enough to keep single precision. */
    private static final float FAR = 1e4f;

    private Masked() {}

    /** The largest along {@code axis}; −{@value #FAR} where the mask is empty. */
    static NDArray max(NDArray values, NDArray mask, int axis) {
        return pushed(values, mask, -FAR).max(new int[] {axis});
    }

    /** The smallest along {@code axis}; {@value #FAR} where the mask is empty. */
    static NDArray min(NDArray values, NDArray mask, int axis) {
        return pushed(values, mask, FAR).min(new int[] {axis});
    }

    /** {@code log Σ exp}, exact for values of any size; about −{@value #FAR} where the mask is empty. */
    static NDArray logSumExp(NDArray values, NDArray mask, int axis) {
        int[] axes = {axis};
        NDArray pushed = pushed(values, mask, -FAR);
        NDArray max = pushed.max(axes, true).stopGradient();
        return pushed.sub(max).exp().sum(axes).log().add(max.squeeze(axis));
    }

    /** 1 for each anchor along the other axis that has both a positive and a negative, else 0. */
    static NDArray anchors(Pairs pairs, int axis) {
        int[] axes = {axis};
        return pairs.positives().max(axes).mul(pairs.negatives().max(axes));
    }

    /** The mean of {@code losses} over {@code anchors}; 0 if there are none. */
    static NDArray mean(NDArray losses, NDArray anchors) {
        return losses.mul(anchors).sum().div(anchors.sum().maximum(1));
    }

    private static NDArray pushed(NDArray values, NDArray mask, float far) {
        return values.mul(mask).add(mask.neg().add(1).mul(far));
    }
}
