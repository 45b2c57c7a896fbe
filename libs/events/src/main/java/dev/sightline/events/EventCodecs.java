package dev.sightline.events;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.util.List;

/** The codec of every topic. */
public final class EventCodecs {
    static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .addModule(new Jdk8Module())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    public static final EventCodec<ImageEvent> IMAGE_EVENTS = new ImageEventCodec();

    public static final EventCodec<ImageLabelled> IMAGE_LABELS = new JsonEventCodec<>(
            List.of(new EventType<>("dev.sightline.image.labelled", ImageLabelled.class)),
            event -> event.id().value());

    public static final EventCodec<IndexEvent> INDEX_EVENTS = new JsonEventCodec<>(
            List.of(
                    new EventType<>("dev.sightline.index.image-indexed", IndexEvent.ImageIndexed.class),
                    new EventType<>("dev.sightline.index.image-failed", IndexEvent.ImageFailed.class),
                    new EventType<>("dev.sightline.index.image-removed", IndexEvent.ImageRemoved.class)),
            event -> event.id().value());

    public static final EventCodec<ModelStateChanged> MODEL_EVENTS = new JsonEventCodec<>(
            List.of(new EventType<>("dev.sightline.model.state-changed", ModelStateChanged.class)),
            event -> event.version().value());

    public static final EventCodec<BackfillRequested> BACKFILL_JOBS = new JsonEventCodec<>(
            List.of(new EventType<>("dev.sightline.backfill.requested", BackfillRequested.class)),
            event -> event.id().value());

    public static final EventCodec<BackfillFailed> BACKFILL_FAILURES = new JsonEventCodec<>(
            List.of(new EventType<>("dev.sightline.backfill.failed", BackfillFailed.class)),
            event -> event.id().value());

    public static final EventCodec<WorkerReported> EMBED_WORKERS = new JsonEventCodec<>(
            List.of(new EventType<>("dev.sightline.embed.worker-reported", WorkerReported.class)),
            WorkerReported::worker);

    public static final EventCodec<QuerySampled> SEARCH_QUERIES = new JsonEventCodec<>(
            List.of(new EventType<>("dev.sightline.search.query-sampled", QuerySampled.class)),
            event -> event.query().toString());

    private EventCodecs() {}
}
