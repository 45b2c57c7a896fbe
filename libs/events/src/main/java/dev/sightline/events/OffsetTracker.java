package dev.sightline.events;

import java.util.TreeSet;

/**
 * Which offsets of one partition are in flight, and so up to where it may be committed: the low watermark, below which
 * everything is done. Thread-safe.
 */
final class OffsetTracker {
    private final TreeSet<Long> inFlight = new TreeSet<>();
    private long next = -1;
    private long committed = -1;

    synchronized void start(long offset) {
        inFlight.add(offset);
        next = offset + 1;
    }

    synchronized void complete(long offset) {
        inFlight.remove(offset);
    }

    synchronized boolean isIdle() {
        return inFlight.isEmpty();
    }

    /** The offset to commit, or −1 if nothing is done since the last {@link #committed}. */
    synchronized long toCommit() {
        long lowWatermark = inFlight.isEmpty() ? next : inFlight.first();
        return lowWatermark > committed ? lowWatermark : -1;
    }

    synchronized void committed(long offset) {
        committed = Math.max(committed, offset);
    }
}
