package dev.sightline.embed;

import java.time.Duration;

/**
 * What a backfill may take of this worker: it waits while live images are on their way through, though never for long, and
 * keeps its forward passes short, because a live image that comes meanwhile waits for one. Thread-safe.
 */
final class SpareTime implements Batcher.Allowance {
    /** How long a forward pass of a backfill may take, by those before it. */
    static final Duration PASS = Duration.ofMillis(10);

    /** How long a backfill waits for live images that are fetched, decoded or written. */
    static final Duration PATIENCE = Duration.ofMillis(50);

    /** How long it waits while live images wait for a forward pass themselves. */
    static final Duration PATIENCE_IN_LINE = Duration.ofSeconds(1);

    /** What the latest pass counts in the running average. */
    private static final double LATEST = 0.1;

    private final int mostImages;
    private final int few;
    private double nanosPerImage = PASS.toNanos();
    private int live;

    /**
     * @param mostImages of a backfill in a forward pass, however fast it is
     * @param cores half of them may be busy with live images before a backfill waits
     */
    SpareTime(int mostImages, int cores) {
        this.mostImages = mostImages;
        this.few = Math.max(1, cores / 2);
    }

    /** A live image comes into the pipeline. */
    synchronized void enter() {
        live++;
    }

    /** And leaves it. */
    synchronized void leave() {
        live--;
        notifyAll();
    }

    /** Waits for a moment with few live images, {@link #PATIENCE} at most. */
    synchronized void await() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long left = PATIENCE.toNanos();
        while (live >= few && left > 0) {
            wait(1 + left / 1_000_000);
            left = deadline - System.nanoTime();
        }
    }

    @Override
    public synchronized int items(boolean liveWaiting, Duration sinceLast) {
        Duration patience = liveWaiting ? PATIENCE_IN_LINE : live >= few ? PATIENCE : Duration.ZERO;
        return sinceLast.compareTo(patience) < 0
                ? 0
                : Math.clamp((long) (PASS.toNanos() / nanosPerImage), 1, mostImages);
    }

    /** Learns from a forward pass; one of more images than a backfill's says little about those. */
    synchronized void observe(int images, long nanos) {
        if (images <= mostImages) {
            nanosPerImage += LATEST * ((double) nanos / images - nanosPerImage);
        }
    }
}
