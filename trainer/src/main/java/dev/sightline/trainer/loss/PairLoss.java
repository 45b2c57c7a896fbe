package dev.sightline.trainer.loss;

import ai.djl.ndarray.NDArray;

/**
 * A loss over every pair of a batch: all queries scored against all images in one matrix product, so that negatives are
 * free.
 */
public sealed interface PairLoss
        permits LikelihoodLoss, MinedTripletLoss, SigmoidLoss, SmoothTripletLoss, SupervisedContrastiveLoss {
    /**
     * The loss, a scalar to go down; 0 where the pairs leave nothing to learn. Pairs whose relation is unknown do not
     * count.
     *
     * @param scores {@code [queries, images]}, higher is closer
     */
    NDArray evaluate(NDArray scores, Pairs pairs);
}
