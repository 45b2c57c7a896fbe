package dev.sightline.trainer.dataset;

/** What an example is for. */
public enum Split {
    TRAIN,
    VALIDATION,
    TEST
}
