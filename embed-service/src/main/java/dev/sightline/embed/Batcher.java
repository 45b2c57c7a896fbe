package dev.sightline.embed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Gathers single items into batches, in two lanes. A batch of the first lane leaves when it has {@code maxBatchSize} items
 * or when its first item has waited {@code maxLinger}. The second lane is for spare time: its batches are smaller, and
 * while the first lane has anything, one leaves only every {@code spareEvery}. First in, first out; a full lane blocks
 * whoever adds. Any thread may add, one takes.
 */
final class Batcher<T> {
    private final BlockingQueue<T> live;
    private final BlockingQueue<T> spare;
    private final Object arrival = new Object();
    private final int maxBatchSize;
    private final int maxSpareBatchSize;
    private final Duration maxLinger;
    private final long spareEveryNanos;
    private long lastSpareNanos = System.nanoTime();

    Batcher(int capacity, int maxBatchSize, int maxSpareBatchSize, Duration maxLinger, Duration spareEvery) {
        this.live = new ArrayBlockingQueue<>(capacity);
        this.spare = new ArrayBlockingQueue<>(capacity);
        this.maxBatchSize = maxBatchSize;
        this.maxSpareBatchSize = maxSpareBatchSize;
        this.maxLinger = maxLinger;
        this.spareEveryNanos = spareEvery.toNanos();
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
    List<T> take() throws InterruptedException {
        while (true) {
            awaitArrival();
            List<T> batch = List.of();
            if (System.nanoTime() - lastSpareNanos < spareEveryNanos) {
                batch = gather(live, maxBatchSize, maxLinger);
            }
            if (batch.isEmpty()) {
                batch = gather(spare, maxSpareBatchSize, Duration.ZERO);
                lastSpareNanos = System.nanoTime();
            }
            if (!batch.isEmpty()) {
                return batch;
            }
        }
    }

    private void awaitArrival() throws InterruptedException {
        synchronized (arrival) {
            while (live.isEmpty() && spare.isEmpty()) {
                arrival.wait();
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
