package dev.sightline.embed;

import dev.sightline.events.BackfillFailed;
import dev.sightline.events.BackfillRequested;
import dev.sightline.events.ConsumerGroups;
import dev.sightline.events.ConsumerSettings;
import dev.sightline.events.EventCodecs;
import dev.sightline.events.EventConsumer;
import dev.sightline.events.EventConsumer.Conditions;
import dev.sightline.events.EventProducer;
import dev.sightline.events.ImageEvent;
import dev.sightline.events.IndexEvent;
import dev.sightline.events.KafkaSettings;
import dev.sightline.events.ModelFollower;
import dev.sightline.events.Received;
import dev.sightline.events.RetryableException;
import dev.sightline.events.Topics;
import dev.sightline.events.WorkerReported;
import dev.sightline.images.ImageStore;
import dev.sightline.index.VectorIndex;
import dev.sightline.service.health.Health;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One embed worker: the pipeline, its two consumers, and the follower that tells it which models are live.
 *
 * <p>Live images go first: while more than a few of them are in flight, backfill jobs only trickle. After partitions of
 * {@code image-events} came to this worker it handles none of their events before it has read all that
 * {@code model-events} holds by then, so it never misses a version that took writes before it joined.
 */
public final class EmbedWorker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbedWorker.class);
    private static final int REPORT_SECONDS = 2;
    private static final int CATCH_UP_SECONDS = 30;

    private final LiveModels models;
    private final ModelFollower modelEvents;
    private final EventProducer<IndexEvent> indexEvents;
    private final EventProducer<BackfillFailed> backfillFailures;
    private final EventProducer<WorkerReported> reports;
    private final EmbedPipeline pipeline;
    private final EventConsumer<ImageEvent> images;
    private final EventConsumer<BackfillRequested> backfill;
    private final ScheduledExecutorService reporting = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("embed-report").factory());
    private final int few;
    private long lastBackfillNanos = System.nanoTime();
    private volatile CompletableFuture<Void> upToDate = new CompletableFuture<>();

    public EmbedWorker(
            EmbedSettings settings,
            KafkaSettings kafka,
            Topics topics,
            ImageStore store,
            VectorIndex index,
            MeterRegistry meters) {
        this.models = new LiveModels(index, settings.collectionPrefix(), this::reportSoon);
        this.modelEvents = new ModelFollower(kafka, topics, models::apply);
        this.indexEvents = new EventProducer<>(kafka, topics.indexEvents(), EventCodecs.INDEX_EVENTS);
        this.backfillFailures = new EventProducer<>(kafka, topics.backfillFailures(), EventCodecs.BACKFILL_FAILURES);
        this.reports = new EventProducer<>(kafka, topics.embedWorkers(), EventCodecs.EMBED_WORKERS);
        this.pipeline = new EmbedPipeline(settings, store, index, models, new Published(), meters);
        this.images = new EventConsumer<>(
                kafka,
                topics.imageEvents(),
                EventCodecs.IMAGE_EVENTS,
                new ConsumerSettings(ConsumerGroups.EMBED, settings.maxInFlight()),
                this::handle,
                meters,
                new Conditions(() -> false, () -> upToDate = modelEvents.catchUp()));
        this.few = settings.maxBackfillBatchSize();
        this.backfill = new EventConsumer<>(
                kafka,
                topics.backfillJobs(),
                EventCodecs.BACKFILL_JOBS,
                new ConsumerSettings(ConsumerGroups.BACKFILL, 2 * settings.maxBatchSize()),
                pipeline::backfill,
                meters,
                new Conditions(this::isBackfillHeld, () -> {}));
    }

    public void start() {
        modelEvents.start();
        pipeline.start();
        images.start();
        backfill.start();
        reporting.scheduleWithFixedDelay(this::report, REPORT_SECONDS, REPORT_SECONDS, TimeUnit.SECONDS);
    }

    /** Starts, and tells {@code health} whether each loop runs and whether there is a model to embed with. */
    public void start(Health health) {
        start();
        health.requireLiving("model-events", modelEvents::isAlive);
        health.requireLiving("pipeline", pipeline::isAlive);
        health.requireLiving("image-events", images::isAlive);
        health.requireLiving("backfill-jobs", backfill::isAlive);
        health.requireReady("embed-model", () -> !models.writes().isEmpty());
    }

    private CompletionStage<Void> handle(Received<ImageEvent> received) {
        try {
            upToDate.get(CATCH_UP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RetryableException("the worker is stopping", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new RetryableException("model-events cannot be read", e);
        }
        return pipeline.handle(received);
    }

    /** While live images keep this worker busy, jobs are taken only so often. On the backfill consumer's thread. */
    private boolean isBackfillHeld() {
        long now = System.nanoTime();
        boolean held = images.inFlight() >= few && now - lastBackfillNanos < SpareTime.PATIENCE_IN_LINE.toNanos();
        if (!held) {
            lastBackfillNanos = now;
        }
        return held;
    }

    private void reportSoon() {
        try {
            reporting.execute(this::report);
        } catch (RejectedExecutionException e) {
            LOG.debug("no report: the worker is closing");
        }
    }

    private void report() {
        try {
            models.retry();
            reports.send(new WorkerReported(
                            images.clientId(), models.writes(), models.problems(), pipeline.retrying(), Instant.now()))
                    .join();
        } catch (RuntimeException e) {
            LOG.warn("cannot report what this worker writes; a cutover waits for that", e);
        }
    }

    private final class Published implements EmbedPipeline.Outcomes {
        @Override
        public CompletionStage<Void> tell(IndexEvent event) {
            return indexEvents.send(event).thenAccept(sent -> {});
        }

        @Override
        public CompletionStage<Void> tell(BackfillFailed event) {
            return backfillFailures.send(event).thenAccept(sent -> {});
        }
    }

    /** Drains: takes no more events, finishes those in flight, commits, leaves the group. */
    @Override
    public void close() {
        images.close();
        backfill.close();
        reporting.shutdownNow();
        pipeline.close();
        indexEvents.close();
        backfillFailures.close();
        reports.close();
        modelEvents.close();
        models.close();
    }
}
