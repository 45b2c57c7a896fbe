package dev.sightline.ingest;

import dev.sightline.domain.ContentHash;
import dev.sightline.domain.ImageId;
import dev.sightline.events.EventCodecs;
import dev.sightline.events.EventProducer;
import dev.sightline.events.ImageContent;
import dev.sightline.events.ImageDeleted;
import dev.sightline.events.ImageEvent;
import dev.sightline.events.ImageLabelled;
import dev.sightline.events.ImageUploaded;
import dev.sightline.events.KafkaSettings;
import dev.sightline.events.Topics;
import dev.sightline.images.ImageInspector;
import dev.sightline.images.ImageLimits;
import dev.sightline.images.ImageStore;
import dev.sightline.images.RefusedImageException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.KafkaException;

/**
 * What is done with an upload: inspect → store → publish, acknowledged when the bytes and the event are both durable.
 * Thread-safe; all methods block.
 */
public final class Ingest implements AutoCloseable {
    private final ImageInspector inspector;
    private final ImageStore store;
    private final EventProducer<ImageEvent> imageEvents;
    private final EventProducer<ImageLabelled> labels;

    public Ingest(KafkaSettings kafka, Topics topics, ImageStore store, ImageLimits limits) {
        this.inspector = new ImageInspector(limits);
        this.store = store;
        this.imageEvents = new EventProducer<>(kafka, topics.imageEvents(), EventCodecs.IMAGE_EVENTS);
        this.labels = new EventProducer<>(kafka, topics.imageLabels(), EventCodecs.IMAGE_LABELS);
    }

    /**
     * Accepts an image.
     *
     * @return its id, the same for the same bytes
     * @throws RefusedImageException if the bytes are no image within the limits
     * @throws IngestUnavailableException if the store or Kafka does not answer
     */
    public ImageId upload(byte[] bytes, String source, Map<String, String> tags) throws RefusedImageException {
        inspector.inspect(bytes);
        ContentHash hash = store.put(bytes);
        ImageId id = ImageId.of(hash);
        await(imageEvents.send(new ImageUploaded(id, new ImageContent.Stored(hash), source, Instant.now(), tags)));
        return id;
    }

    /** @throws IngestUnavailableException if Kafka does not answer */
    public void delete(ImageId id) {
        await(imageEvents.send(new ImageDeleted(id, Instant.now())));
    }

    /** @throws IngestUnavailableException if Kafka does not answer */
    public void label(ImageId id, Map<String, Boolean> attributes, String source) {
        await(labels.send(new ImageLabelled(id, attributes, source, Instant.now())));
    }

    private static void await(CompletableFuture<?> acknowledgement) {
        try {
            acknowledgement.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof KafkaException cause) {
                throw new IngestUnavailableException("Kafka did not take the event", cause);
            }
            throw e;
        }
    }

    @Override
    public void close() {
        imageEvents.close();
        labels.close();
    }
}
