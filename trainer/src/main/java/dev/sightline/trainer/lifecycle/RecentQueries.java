package dev.sightline.trainer.lifecycle;

import dev.sightline.domain.AttributeQuery;
import dev.sightline.events.CompactedTopic;
import dev.sightline.events.EventCodecs;
import dev.sightline.events.KafkaSettings;
import dev.sightline.events.QuerySampled;
import dev.sightline.events.Topics;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last {@value #REMEMBERED} sampled queries, as {@code search-queries} tells. Thread-safe. */
final class RecentQueries implements AutoCloseable {
    private static final int REMEMBERED = 500;

    private final Deque<AttributeQuery> queries = new ArrayDeque<>();
    private final CompactedTopic<QuerySampled> searchQueries;

    RecentQueries(KafkaSettings kafka, Topics topics) {
        this.searchQueries =
                new CompactedTopic<>(kafka, topics.searchQueries(), EventCodecs.SEARCH_QUERIES, this::remember);
    }

    void start() {
        searchQueries.start();
    }

    private synchronized void remember(QuerySampled sampled) {
        queries.add(sampled.query());
        if (queries.size() > REMEMBERED) {
            queries.remove();
        }
    }

    /** Oldest first. */
    synchronized List<AttributeQuery> latest() {
        return List.copyOf(queries);
    }

    @Override
    public void close() {
        searchQueries.close();
    }
}
