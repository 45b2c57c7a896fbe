package dev.sightline.ingest;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sightline.domain.ImageId;
import dev.sightline.events.CompactedTopic;
import dev.sightline.events.EventCodecs;
import dev.sightline.events.IndexEvent;
import dev.sightline.events.KafkaSettings;
import dev.sightline.events.Topics;
import java.util.Optional;

/** What became of the latest images, as {@code index-events} tells; the oldest are forgotten. Thread-safe. */
public final class ImageStatuses implements AutoCloseable {
    private static final long REMEMBERED = 1_000_000;

    private final Cache<ImageId, IndexEvent> latest =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();
    private final CompactedTopic<IndexEvent> indexEvents;

    public ImageStatuses(KafkaSettings kafka, Topics topics) {
        this.indexEvents = new CompactedTopic<>(
                kafka, topics.indexEvents(), EventCodecs.INDEX_EVENTS, event -> latest.put(event.id(), event));
    }

    public void start() {
        indexEvents.start();
    }

    boolean isAlive() {
        return indexEvents.isAlive();
    }

    Optional<IndexEvent> latest(ImageId id) {
        return Optional.ofNullable(latest.getIfPresent(id));
    }

    @Override
    public void close() {
        indexEvents.close();
    }
}
