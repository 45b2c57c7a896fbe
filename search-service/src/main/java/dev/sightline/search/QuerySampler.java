package dev.sightline.search;

import dev.sightline.domain.AttributeQuery;
import dev.sightline.events.EventCodecs;
import dev.sightline.events.EventProducer;
import dev.sightline.events.KafkaSettings;
import dev.sightline.events.QuerySampled;
import dev.sightline.events.Topics;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes a bounded sample of what is asked to {@code search-queries}, so that a new version can be tried on real
 * queries before it serves. Attributes only: nothing of who asked, no filters. At most {@value #PER_PERIOD} queries a
 * period. Thread-safe; taking note of a query never blocks on Kafka.
 */
public final class QuerySampler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QuerySampler.class);
    private static final int PER_PERIOD = 20;

    private final QueryReservoir reservoir = new QueryReservoir(PER_PERIOD, new SecureRandom());
    private final EventProducer<QuerySampled> queries;
    private final Duration period;
    private final ScheduledExecutorService publishing = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("sample-queries").factory());

    /** @param period how often a sample is published */
    public QuerySampler(KafkaSettings kafka, Topics topics, Duration period) {
        this.queries = new EventProducer<>(kafka, topics.searchQueries(), EventCodecs.SEARCH_QUERIES);
        this.period = period;
    }

    public void start() {
        publishing.scheduleWithFixedDelay(this::publish, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Somebody asks this. */
    void note(AttributeQuery query) {
        reservoir.offer(new QuerySampled(query, Instant.now()));
    }

    private void publish() {
        try {
            for (QuerySampled query : reservoir.empty()) {
                queries.send(query).join();
            }
        } catch (CompletionException e) {
            LOG.warn("a sample of queries is lost; the cutover guard has fewer to compare", e);
        }
    }

    @Override
    public void close() {
        publishing.shutdownNow();
        queries.close();
    }
}
