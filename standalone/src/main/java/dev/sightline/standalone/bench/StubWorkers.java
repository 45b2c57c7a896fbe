package dev.sightline.standalone.bench;

import dev.sightline.events.BackfillRequested;
import dev.sightline.events.ConsumerGroups;
import dev.sightline.events.ConsumerSettings;
import dev.sightline.events.EventCodecs;
import dev.sightline.events.EventConsumer;
import dev.sightline.events.KafkaSettings;
import dev.sightline.events.Received;
import dev.sightline.events.Topics;
import dev.sightline.index.IndexedImage;
import dev.sightline.index.VectorIndex;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;

/** Does backfill jobs without looking at an image: any vector will do. */
final class StubWorkers implements AutoCloseable {
    private static final int IN_FLIGHT = 4_000;
    private static final int BATCH = 2_000;

    private record Job(BackfillRequested requested, CompletableFuture<Void> done) {}

    private final VectorIndex index;
    private final String collection;
    private final BlockingQueue<Job> queue = new LinkedBlockingQueue<>();
    private final EventConsumer<BackfillRequested> jobs;
    private final Thread upserts =
            Thread.ofPlatform().daemon().name("stub-upserts").unstarted(this::run);

    StubWorkers(KafkaSettings kafka, Topics topics, VectorIndex index, String collection) {
        this.index = index;
        this.collection = collection;
        this.jobs = new EventConsumer<>(
                kafka,
                topics.backfillJobs(),
                EventCodecs.BACKFILL_JOBS,
                new ConsumerSettings(ConsumerGroups.BACKFILL, IN_FLIGHT),
                this::handle,
                new SimpleMeterRegistry());
    }

    void start() {
        upserts.start();
        jobs.start();
    }

    private CompletionStage<Void> handle(Received<BackfillRequested> received) {
        var job = new Job(received.event(), new CompletableFuture<>());
        queue.add(job);
        return job.done();
    }

    private void run() {
        var random = new Random(2);
        try {
            while (true) {
                List<Job> batch = new ArrayList<>();
                batch.add(queue.take());
                queue.drainTo(batch, BATCH - 1);
                List<IndexedImage> entries = batch.stream()
                        .map(Job::requested)
                        .map(job -> new IndexedImage(
                                job.id(),
                                job.contentHash(),
                                BackfillBenchmark.vector(random),
                                job.ordering(),
                                job.metadata(),
                                Instant.EPOCH))
                        .toList();
                index.upsert(collection, entries);
                batch.forEach(job -> job.done().complete(null));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        jobs.close();
        upserts.interrupt();
    }
}
