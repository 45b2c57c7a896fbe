package dev.sightline.trainer.training;

/** Told how training goes; called on the training thread. */
public interface TrainingProgress {
    /** After each step. @param total of the whole run */
    void step(long done, long total, double loss);

    void epoch(Epoch epoch);

    /**
     * What one epoch was like.
     *
     * @param number 1-based
     * @param of how many there are
     * @param loss the mean over its steps
     * @param validation the mean precision@10 over query sizes, on the validation split
     * @param imagesPerSecond of training alone, without validation
     * @param waiting the share of that time the device waited for input, 0..1
     */
    record Epoch(int number, int of, double loss, double validation, double imagesPerSecond, double waiting) {}
}
