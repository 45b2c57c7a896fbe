package dev.sightline.towers;

/**
 * One pass over the training images, as it went: a point of the curves a model card draws.
 *
 * @param epoch 1-based
 * @param loss mean over the epoch's steps
 * @param validation mean macro precision@10 on the validation images after the epoch
 */
public record TrainingEpoch(int epoch, double loss, double validation) {}
