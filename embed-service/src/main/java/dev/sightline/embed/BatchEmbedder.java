package dev.sightline.embed;

import static java.util.stream.Collectors.groupingBy;

import dev.sightline.domain.Embedding;
import dev.sightline.embed.Prepared.Part;
import dev.sightline.events.RetryableException;
import dev.sightline.index.IndexUnavailableException;
import dev.sightline.index.IndexedImage;
import dev.sightline.index.NoSuchCollectionException;
import dev.sightline.index.VectorIndex;
import dev.sightline.towers.IntraOpThreads;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Batch → forward → upsert. One thread runs the forward passes, each version in turn; upserts run beside the next pass, an
 * image's in the order of its parts. Those of spare time are gathered over many small passes: a write costs the index the
 * same for one image as for many. A failure of one image never costs its neighbours in the batch.
 */
final class BatchEmbedder implements AutoCloseable {
    private final VectorIndex index;
    private final SpareTime spareTime;
    private final Batcher<Prepared> batcher;
    private final ExecutorService upserts = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("upsert-", 0).factory());
    private final Thread forward = Thread.ofPlatform().name("embed-forward").unstarted(this::run);
    private final Batcher<Embedded> gathered;
    private final Thread spareUpserts =
            Thread.ofPlatform().name("embed-spare-upserts").unstarted(this::upsertGathered);
    private final Timer forwardTime;
    private final DistributionSummary batchSize;

    BatchEmbedder(EmbedSettings settings, VectorIndex index, SpareTime spareTime, MeterRegistry meters) {
        this.index = index;
        this.spareTime = spareTime;
        this.batcher =
                new Batcher<>(settings.maxInFlight(), settings.maxBatchSize(), settings.maxBatchLinger(), spareTime);
        this.gathered =
                new Batcher<>(settings.maxInFlight(), settings.maxBatchSize(), EmbedSettings.SPARE_UPSERT_LINGER);
        this.forwardTime = meters.timer("sightline.embed.forward");
        this.batchSize = meters.summary("sightline.embed.batch.size");
    }

    void start() {
        forward.start();
        spareUpserts.start();
    }

    boolean isAlive() {
        return forward.isAlive() && spareUpserts.isAlive();
    }

    /** Takes an image; its parts complete when they are written. Waits for room. */
    void embed(Prepared image) {
        enqueue(() -> batcher.add(image));
    }

    /** As {@link #embed}, when nothing else waits. */
    void embedInSpareTime(Prepared image) {
        enqueue(() -> batcher.addSpare(image));
    }

    private interface Adding {
        void add() throws InterruptedException;
    }

    private static void enqueue(Adding adding) {
        try {
            adding.add();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RetryableException("the worker is stopping", e);
        }
    }

    private void run() {
        IntraOpThreads.useHalfOfTheCores();
        try {
            while (true) {
                Batcher.Batch<Prepared> batch = batcher.take();
                batchSize.record(batch.items().size());
                forward(batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** An image's embedding by one version. */
    private record Embedded(Prepared image, Part part, Embedding embedding) {}

    private void forward(Batcher.Batch<Prepared> batch) throws InterruptedException {
        CompletableFuture<Void> before = CompletableFuture.completedFuture(null);
        for (Map.Entry<LiveModel, List<Prepared>> group : byModel(batch.items()).entrySet()) {
            long start = System.nanoTime();
            List<Embedded> embedded = embed(group.getKey(), group.getValue());
            long nanos = System.nanoTime() - start;
            forwardTime.record(nanos, TimeUnit.NANOSECONDS);
            spareTime.observe(group.getValue().size(), nanos);
            if (batch.spare()) {
                for (Embedded each : embedded) {
                    gathered.add(each);
                }
            } else {
                before = before.thenRunAsync(() -> upsert(group.getKey(), embedded), upserts);
            }
        }
    }

    private void upsertGathered() {
        try {
            while (true) {
                gathered.take().items().stream()
                        .collect(groupingBy(each -> each.part().model()))
                        .forEach(this::upsert);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Map<LiveModel, List<Prepared>> byModel(List<Prepared> batch) {
        Map<LiveModel, List<Prepared>> groups = new LinkedHashMap<>();
        for (Prepared image : batch) {
            for (Part part : image.parts()) {
                groups.computeIfAbsent(part.model(), any -> new ArrayList<>()).add(image);
            }
        }
        return groups;
    }

    /** Those the tower can embed; the parts of the others have failed. */
    private static List<Embedded> embed(LiveModel model, List<Prepared> images) {
        List<Part> parts =
                images.stream().map(image -> image.part(model).orElseThrow()).toList();
        List<Embedded> embedded = new ArrayList<>(images.size());
        try {
            List<Embedding> embeddings =
                    model.embedder().embed(parts.stream().map(Part::pixels).toList());
            for (int i = 0; i < images.size(); i++) {
                embedded.add(new Embedded(images.get(i), parts.get(i), embeddings.get(i)));
            }
        } catch (RuntimeException e) {
            if (images.size() == 1) {
                parts.getFirst()
                        .written()
                        .completeExceptionally(new NotEmbeddableException(images.getFirst(), model, e));
            } else {
                images.forEach(image -> embedded.addAll(embed(model, List.of(image))));
            }
        }
        return embedded;
    }

    /** Images whose writes before this one failed are left for the next attempt, so that the order of writes holds. */
    private void upsert(LiveModel model, List<Embedded> embedded) {
        List<IndexedImage> entries = new ArrayList<>();
        List<Part> parts = new ArrayList<>();
        for (Embedded each : embedded) {
            if (each.image().hasFailedBefore(each.part())) {
                each.part().written().completeExceptionally(new RetryableException("an earlier write failed"));
            } else {
                entries.add(each.image().entry(each.embedding()));
                parts.add(each.part());
            }
        }
        try {
            if (!entries.isEmpty()) {
                retryable(() -> index.upsert(model.collection(), entries));
            }
            parts.forEach(part -> part.written().complete(null));
        } catch (RuntimeException e) {
            parts.forEach(part -> part.written().completeExceptionally(e));
        }
    }

    /** A collection may go while a write is on its way to it: the next attempt knows that its version was retired. */
    static void retryable(Runnable write) {
        try {
            write.run();
        } catch (IndexUnavailableException e) {
            throw new RetryableException("the vector index does not answer", e);
        } catch (NoSuchCollectionException e) {
            throw new RetryableException("the version was retired meanwhile", e);
        }
    }

    /** Stops; images still inside are not written. */
    @Override
    public void close() {
        forward.interrupt();
        spareUpserts.interrupt();
        try {
            forward.join();
            spareUpserts.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        upserts.close();
    }
}
