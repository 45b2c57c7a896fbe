package dev.sightline.embed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Gathers single items into batches: a batch leaves when it has {@code maxBatchSize} items or when its first item has
 * waited {@code maxLinger}. First in, first out; a full queue blocks whoever adds. Any thread may add, one takes.
 */
final class Batcher<T> {
    private final BlockingQueue<T> queue;
    private final int maxBatchSize;
    private final long maxLingerNanos;

    Batcher(int capacity, int maxBatchSize, Duration maxLinger) {
        this.queue = new ArrayBlockingQueue<>(capacity);
        this.maxBatchSize = maxBatchSize;
        this.maxLingerNanos = maxLinger.toNanos();
    }

    /** Adds an item, waiting for room. */
    void add(T item) throws InterruptedException {
        queue.put(item);
    }

    /** The next batch, 1 to {@code maxBatchSize} items; waits for the first. */
    List<T> take() throws InterruptedException {
        List<T> batch = new ArrayList<>(maxBatchSize);
        batch.add(queue.take());
        long deadline = System.nanoTime() + maxLingerNanos;
        while (batch.size() < maxBatchSize) {
            if (queue.drainTo(batch, maxBatchSize - batch.size()) == 0) {
                T next = queue.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (next == null) {
                    return batch;
                }
                batch.add(next);
            }
        }
        return batch;
    }

    int waiting() {
        return queue.size();
    }
}
