package dev.sightline.trainer.training;

/** Told how training goes; called on the training thread. */
public interface TrainingProgress {
    /** After each step. @param total of the whole run */
    void step(long done, long total, double loss);

    /** After each epoch. @param epoch 1-based; @param validation mean precision@10 of queries of 1 to 4 attributes */
    void epoch(int epoch, int epochs, double loss, double validation, double imagesPerSecond);
}
