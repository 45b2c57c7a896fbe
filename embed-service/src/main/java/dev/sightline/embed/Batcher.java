package dev.sightline.embed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Gathers single items into batches, in two lanes. A batch of the first lane leaves when it has {@code maxBatchSize} items
 * or when its first item has waited {@code maxLinger}. The second lane is for spare time: its batches leave when its
 * {@link Allowance} says so. First in, first out; a full lane blocks whoever adds. Any thread may add, one takes.
 */
final class Batcher<T> {
    /** How often an allowance that was refused is asked for again. */
    private static final long ASK_AGAIN_MILLIS = 2;

    private final BlockingQueue<T> live;
    private final BlockingQueue<T> spare;
    private final Object arrival = new Object();
    private final int maxBatchSize;
    private final Duration maxLinger;
    private final Allowance allowance;
    private long lastSpareNanos = System.nanoTime();

    /** @param spare whether they are of the second lane */
    record Batch<T>(List<T> items, boolean spare) {}

    /** How much of the second lane may leave. */
    interface Allowance {
        /**
         * Asked on the thread that takes.
         *
         * @param liveWaiting whether the first lane has anything
         * @param sinceLast batch of the second lane
         * @return how many items the next may have; 0 if none may leave now
         */
        int items(boolean liveWaiting, Duration sinceLast);
    }

    /** With the first lane only. */
    Batcher(int capacity, int maxBatchSize, Duration maxLinger) {
        this(capacity, maxBatchSize, maxLinger, (liveWaiting, sinceLast) -> 0);
    }

    Batcher(int capacity, int maxBatchSize, Duration maxLinger, Allowance allowance) {
        this.live = new ArrayBlockingQueue<>(capacity);
        this.spare = new ArrayBlockingQueue<>(capacity);
        this.maxBatchSize = maxBatchSize;
        this.maxLinger = maxLinger;
        this.allowance = allowance;
    }

    /** Adds an item, waiting for room. */
    void add(T item) throws InterruptedException {
        live.put(item);
        tellArrival();
    }

    /** Adds an item for spare time, waiting for room. */
    void addSpare(T item) throws InterruptedException {
        spare.put(item);
        tellArrival();
    }

    private void tellArrival() {
        synchronized (arrival) {
            arrival.notifyAll();
        }
    }

    /** The next batch, at least one item; waits for it. */
    Batch<T> take() throws InterruptedException {
        while (true) {
            int allowed = spare.isEmpty() ? 0 : allowance.items(!live.isEmpty(), sinceLastSpare());
            if (allowed > 0) {
                List<T> batch = gather(spare, allowed, Duration.ZERO);
                lastSpareNanos = System.nanoTime();
                return new Batch<>(batch, true);
            }
            List<T> batch = gather(live, maxBatchSize, maxLinger);
            if (!batch.isEmpty()) {
                return new Batch<>(batch, false);
            }
            awaitArrival();
        }
    }

    private Duration sinceLastSpare() {
        return Duration.ofNanos(System.nanoTime() - lastSpareNanos);
    }

    private void awaitArrival() throws InterruptedException {
        synchronized (arrival) {
            if (live.isEmpty()) {
                arrival.wait(spare.isEmpty() ? 0 : ASK_AGAIN_MILLIS);
            }
        }
    }

    private static <T> List<T> gather(BlockingQueue<T> queue, int most, Duration linger) throws InterruptedException {
        List<T> batch = new ArrayList<>(most);
        queue.drainTo(batch, most);
        long deadline = System.nanoTime() + linger.toNanos();
        while (!batch.isEmpty() && batch.size() < most) {
            T next = queue.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (next == null) {
                return batch;
            }
            batch.add(next);
        }
        return batch;
    }

    int waiting() {
        return live.size() + spare.size();
    }
}
