package dev.sightline.trainer.loss;

import ai.djl.ndarray.NDArray;

/**
 * What is known of each query and image of a batch; all three of shape {@code [queries, images]}.
 *
 * @param positives 1 where the image is known to answer the query, else 0
 * @param negatives 1 where it is known not to, else 0; where both are 0, nothing is known
 * @param disagreements how many asked attributes the image is known to contradict
 */
public record Pairs(NDArray positives, NDArray negatives, NDArray disagreements) {}
