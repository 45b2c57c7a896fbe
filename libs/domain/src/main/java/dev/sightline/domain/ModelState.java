package dev.sightline.domain;

/** Where a model version is in its life. */
public enum ModelState {
    /** Registered; serves nothing. */
    CANDIDATE,
    /** Passed the gate; live images are written to its collection too, and the backfill fills in the rest. */
    BACKFILLING,
    /** Searches run on it. At most one version is active. */
    ACTIVE,
    /** Replaced. */
    RETIRED,
    /** Did not beat the active version. */
    REJECTED;

    /** Whether embed workers write live images to this version's collection. */
    public boolean takesWrites() {
        return this == BACKFILLING || this == ACTIVE;
    }
}
