package dev.sightline.index;

/** What became of one write. */
public enum WriteOutcome {
    /** The collection now says what was written, or said the same already. */
    WRITTEN,
    /** The collection knows a newer event of the image; nothing changed. */
    STALE
}
