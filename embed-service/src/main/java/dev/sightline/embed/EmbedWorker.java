package dev.sightline.embed;

import dev.sightline.events.BackfillRequested;
import dev.sightline.events.CompactedTopic;
import dev.sightline.events.ConsumerSettings;
import dev.sightline.events.EventCodecs;
import dev.sightline.events.EventConsumer;
import dev.sightline.events.EventProducer;
import dev.sightline.events.ImageEvent;
import dev.sightline.events.IndexEvent;
import dev.sightline.events.KafkaSettings;
import dev.sightline.events.ModelStateChanged;
import dev.sightline.events.Topics;
import dev.sightline.images.ImageStore;
import dev.sightline.index.VectorIndex;
import dev.sightline.service.health.Health;
import io.micrometer.core.instrument.MeterRegistry;

/** One embed worker: the pipeline, its two consumers, and the follower that tells it which models are live. */
public final class EmbedWorker implements AutoCloseable {
    private static final String GROUP = "sightline-embed";
    private static final String BACKFILL_GROUP = "sightline-backfill";

    private final LiveModels models;
    private final CompactedTopic<ModelStateChanged> modelEvents;
    private final EventProducer<IndexEvent> indexEvents;
    private final EmbedPipeline pipeline;
    private final EventConsumer<ImageEvent> images;
    private final EventConsumer<BackfillRequested> backfill;

    public EmbedWorker(
            EmbedSettings settings,
            KafkaSettings kafka,
            Topics topics,
            ImageStore store,
            VectorIndex index,
            MeterRegistry meters) {
        this.models = new LiveModels(index, settings.collectionPrefix());
        this.modelEvents = new CompactedTopic<>(kafka, topics.modelEvents(), EventCodecs.MODEL_EVENTS, models::apply);
        this.indexEvents = new EventProducer<>(kafka, topics.indexEvents(), EventCodecs.INDEX_EVENTS);
        this.pipeline = new EmbedPipeline(
                settings, store, index, models, event -> indexEvents.send(event).thenAccept(sent -> {}), meters);
        this.images = new EventConsumer<>(
                kafka,
                topics.imageEvents(),
                EventCodecs.IMAGE_EVENTS,
                new ConsumerSettings(GROUP, settings.maxInFlight()),
                pipeline::handle,
                meters);
        // One batch at a time, so that live images never queue behind more than that.
        this.backfill = new EventConsumer<>(
                kafka,
                topics.backfillJobs(),
                EventCodecs.BACKFILL_JOBS,
                new ConsumerSettings(BACKFILL_GROUP, settings.maxBatchSize()),
                pipeline::backfill,
                meters);
    }

    public void start() {
        modelEvents.start();
        pipeline.start();
        images.start();
        backfill.start();
    }

    /** Starts, and tells {@code health} whether each loop runs and whether there is a model to embed with. */
    public void start(Health health) {
        start();
        health.requireLiving("model-events", modelEvents::isAlive);
        health.requireLiving("pipeline", pipeline::isAlive);
        health.requireLiving("image-events", images::isAlive);
        health.requireLiving("backfill-jobs", backfill::isAlive);
        health.requireReady("embed-model", () -> !models.versions().isEmpty());
    }

    /** Drains: takes no more events, finishes those in flight, commits, leaves the group. */
    @Override
    public void close() {
        images.close();
        backfill.close();
        pipeline.close();
        indexEvents.close();
        modelEvents.close();
        models.close();
    }
}
