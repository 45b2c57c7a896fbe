package dev.sightline.trainer.training;

/**
 * Queries for one batch of images, and which image answers which.
 *
 * @param queries {@code [count × attributes]}, row by row: +1, −1, 0
 * @param positives {@code [count × images]}, row by row: 1 where the image is known to answer, else 0
 * @param negatives likewise: 1 where it is known not to
 */
record QueryBatch(int count, float[] queries, float[] positives, float[] negatives) {}
