package dev.sightline.domain;

/** Where a model version is in its life. */
public enum ModelState {
    /** Registered; serves nothing. */
    CANDIDATE,
    /** Passed the gate; live images are written to its collection too, and the backfill fills in the rest. */
    BACKFILLING,
    /** Searches run on it. At most one version is active. */
    ACTIVE,
    /** Replaced; for a while searches may still go back to it. */
    RETIRED,
    /** Did not beat the active version. */
    REJECTED
}
