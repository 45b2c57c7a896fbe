package dev.sightline.search;

import dev.sightline.events.QuerySampled;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A uniform sample of the queries offered since it was last emptied, never more than {@code capacity} (Vitter's
 * algorithm R). Thread-safe.
 */
final class QueryReservoir {
    private final int capacity;
    private final RandomGenerator random;
    private final List<QuerySampled> sample = new ArrayList<>();
    private long offered;

    QueryReservoir(int capacity, RandomGenerator random) {
        this.capacity = capacity;
        this.random = random;
    }

    synchronized void offer(QuerySampled query) {
        offered++;
        if (sample.size() < capacity) {
            sample.add(query);
            return;
        }
        long place = random.nextLong(offered);
        if (place < capacity) {
            sample.set((int) place, query);
        }
    }

    /** The sample; the next one begins. */
    synchronized List<QuerySampled> empty() {
        List<QuerySampled> taken = List.copyOf(sample);
        sample.clear();
        offered = 0;
        return taken;
    }
}
