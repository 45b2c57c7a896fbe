package dev.sightline.embed;

import dev.sightline.domain.ContentHash;
import dev.sightline.domain.Embedding;
import dev.sightline.domain.ImageId;
import dev.sightline.domain.ImageMetadata;
import dev.sightline.events.BackfillRequested;
import dev.sightline.events.ImageContent;
import dev.sightline.events.ImageDeleted;
import dev.sightline.events.ImageEvent;
import dev.sightline.events.ImageUploaded;
import dev.sightline.events.IndexEvent;
import dev.sightline.events.Received;
import dev.sightline.events.RefusedEventException;
import dev.sightline.events.RefusedEventException.Reason;
import dev.sightline.events.RetryableException;
import dev.sightline.images.ImageDecoder;
import dev.sightline.images.ImageStore;
import dev.sightline.images.ImageStoreUnavailableException;
import dev.sightline.images.RefusedImageException;
import dev.sightline.index.Deletion;
import dev.sightline.index.IndexUnavailableException;
import dev.sightline.index.IndexedImage;
import dev.sightline.index.NoSuchCollectionException;
import dev.sightline.index.VectorIndex;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.awt.image.BufferedImage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * From an event to a searchable image: fetch → decode → batch → forward → upsert → tell.
 *
 * <p>Fetching and decoding run on the caller's thread, as many at once as there are cores; one thread runs the forward
 * passes; upserts run beside the next forward pass. A failure of one image never costs its neighbours in the batch.
 */
public final class EmbedPipeline implements AutoCloseable {
    private final EmbedSettings settings;
    private final ImageStore store;
    private final VectorIndex index;
    private final LiveModels models;
    private final Function<IndexEvent, CompletionStage<Void>> tell;
    private final ImageDecoder decoder;
    private final Batcher<Prepared> batcher;
    private final Semaphore decoding = new Semaphore(Runtime.getRuntime().availableProcessors());
    private final ExecutorService upserts = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("upsert-", 0).factory());
    private final Thread forward = Thread.ofPlatform().name("embed-forward").unstarted(this::forwardBatches);
    private final Timer forwardTime;
    private final DistributionSummary batchSize;

    /** @param tell publishes what became of an image; completes when that is durable */
    public EmbedPipeline(
            EmbedSettings settings,
            ImageStore store,
            VectorIndex index,
            LiveModels models,
            Function<IndexEvent, CompletionStage<Void>> tell,
            MeterRegistry meters) {
        this.settings = settings;
        this.store = store;
        this.index = index;
        this.models = models;
        this.tell = tell;
        this.decoder = new ImageDecoder(settings.imageLimits());
        this.batcher = new Batcher<>(settings.maxInFlight(), settings.maxBatchSize(), settings.maxBatchLinger());
        this.forwardTime = meters.timer("sightline.embed.forward");
        this.batchSize = meters.summary("sightline.embed.batch.size");
    }

    public void start() {
        forward.start();
    }

    public boolean isAlive() {
        return forward.isAlive();
    }

    /** Handles a live event. Blocks while decoding; completes when every live collection and the index event are written. */
    public CompletionStage<Void> handle(Received<ImageEvent> received) {
        return switch (received.event()) {
            case ImageUploaded uploaded -> embed(uploaded, received.ordering());
            case ImageDeleted deleted -> delete(deleted, received.ordering());
        };
    }

    /** Handles a backfill job: as an upload, but into one collection and with the ordering it had. */
    public CompletionStage<Void> backfill(Received<BackfillRequested> received) {
        BackfillRequested job = received.event();
        List<LiveModel> wanted = models.current().stream()
                .filter(model -> model.version().equals(job.version()))
                .toList();
        if (wanted.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        try {
            byte[] bytes = fetch(new ImageContent.Stored(job.contentHash()));
            return enqueue(prepare(bytes, job.id(), job.contentHash(), job.metadata(), job.ordering(), wanted));
        } catch (RefusedImageException e) {
            throw new RefusedEventException(Reason.IMAGE_REFUSED, e.reason() + ": " + e.getMessage(), e);
        }
    }

    private CompletionStage<Void> embed(ImageUploaded uploaded, long ordering) {
        List<LiveModel> live = models.current();
        if (live.isEmpty()) {
            throw new RetryableException("no model version is active yet; train one");
        }
        try {
            byte[] bytes = fetch(uploaded.content());
            BufferedImage image = decode(bytes);
            var metadata = new ImageMetadata(
                    uploaded.source(), uploaded.uploadedAt(), image.getWidth(), image.getHeight(), uploaded.tags());
            Prepared prepared = prepare(image, uploaded.id(), ContentHash.of(bytes), metadata, ordering, live);
            return enqueue(prepared)
                    .thenCompose(written -> tell.apply(new IndexEvent.ImageIndexed(
                            uploaded.id(), live.getFirst().version(), uploaded.uploadedAt(), Instant.now())));
        } catch (RefusedImageException e) {
            return refuse(uploaded, e.reason().name(), Reason.IMAGE_REFUSED, String.valueOf(e.getMessage()));
        } catch (MissingBytesException e) {
            return refuse(uploaded, "MISSING", Reason.IMAGE_MISSING, String.valueOf(e.getMessage()));
        }
    }

    private CompletionStage<Void> refuse(ImageUploaded uploaded, String why, Reason reason, String detail) {
        return tell.apply(new IndexEvent.ImageFailed(uploaded.id(), why, detail, Instant.now()))
                .thenCompose(told -> CompletableFuture.failedFuture(
                        new RefusedEventException(reason, uploaded.id() + ": " + detail)));
    }

    private CompletionStage<Void> delete(ImageDeleted deleted, long ordering) {
        List<LiveModel> live = models.current();
        if (live.isEmpty()) {
            throw new RetryableException("no model version is active yet; train one");
        }
        for (LiveModel model : live) {
            retryable(() -> index.delete(model.collection(), List.of(new Deletion(deleted.id(), ordering))));
        }
        return tell.apply(new IndexEvent.ImageRemoved(deleted.id(), Instant.now()));
    }

    private byte[] fetch(ImageContent content) {
        try {
            return switch (content) {
                case ImageContent.Inline(var bytes) -> {
                    store.put(bytes);
                    yield bytes;
                }
                case ImageContent.Stored(var hash) ->
                    store.get(hash).orElseThrow(() -> new MissingBytesException(hash));
            };
        } catch (ImageStoreUnavailableException e) {
            throw new RetryableException("the image store does not answer", e);
        }
    }

    private static final class MissingBytesException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MissingBytesException(ContentHash hash) {
            super("the image store has no bytes " + hash + "; whoever produced the event must store them first");
        }
    }

    private BufferedImage decode(byte[] bytes) throws RefusedImageException {
        decoding.acquireUninterruptibly();
        try {
            return decoder.decode(bytes);
        } finally {
            decoding.release();
        }
    }

    private Prepared prepare(
            byte[] bytes, ImageId id, ContentHash hash, ImageMetadata metadata, long ordering, List<LiveModel> wanted)
            throws RefusedImageException {
        return prepare(decode(bytes), id, hash, metadata, ordering, wanted);
    }

    /** Decoded once, scaled for each model. */
    private static Prepared prepare(
            BufferedImage image,
            ImageId id,
            ContentHash hash,
            ImageMetadata metadata,
            long ordering,
            List<LiveModel> wanted) {
        List<byte[]> pixels = wanted.stream()
                .map(model -> model.preprocessor().prepare(image))
                .toList();
        return new Prepared(id, hash, metadata, ordering, wanted, pixels, new CompletableFuture<>());
    }

    private CompletableFuture<Void> enqueue(Prepared prepared) {
        try {
            batcher.add(prepared);
            return prepared.written();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RetryableException("the worker is stopping", e);
        }
    }

    private void forwardBatches() {
        try {
            while (true) {
                List<Prepared> batch = batcher.take();
                batchSize.record(batch.size());
                forward(batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void forward(List<Prepared> batch) {
        try {
            Map<LiveModel, List<IndexedImage>> entries = new LinkedHashMap<>();
            forwardTime.record(() -> {
                for (Map.Entry<LiveModel, List<Prepared>> group : byModel(batch).entrySet()) {
                    entries.put(group.getKey(), embed(group.getKey(), group.getValue()));
                }
            });
            CompletableFuture.runAsync(() -> upsert(entries), upserts).whenComplete((done, failure) -> {
                for (Prepared prepared : batch) {
                    if (failure == null) {
                        prepared.written().complete(null);
                    } else {
                        prepared.written().completeExceptionally(failure);
                    }
                }
            });
        } catch (RuntimeException e) {
            batch.forEach(prepared -> prepared.written().completeExceptionally(e));
        }
    }

    private static Map<LiveModel, List<Prepared>> byModel(List<Prepared> batch) {
        Map<LiveModel, List<Prepared>> groups = new LinkedHashMap<>();
        for (Prepared prepared : batch) {
            for (LiveModel model : prepared.models()) {
                groups.computeIfAbsent(model, any -> new ArrayList<>()).add(prepared);
            }
        }
        return groups;
    }

    private static List<IndexedImage> embed(LiveModel model, List<Prepared> batch) {
        List<Embedding> embeddings = model.embedder()
                .embed(batch.stream()
                        .map(prepared -> prepared.pixels().get(prepared.models().indexOf(model)))
                        .toList());
        List<IndexedImage> entries = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            Prepared prepared = batch.get(i);
            entries.add(new IndexedImage(
                    prepared.id(),
                    prepared.contentHash(),
                    embeddings.get(i),
                    prepared.ordering(),
                    prepared.metadata(),
                    Instant.now()));
        }
        return entries;
    }

    private void upsert(Map<LiveModel, List<IndexedImage>> entries) {
        entries.forEach((model, images) -> retryable(() -> index.upsert(model.collection(), images)));
    }

    /** A collection may go while a batch is on its way to it: its version was retired, so nobody misses the write. */
    private static void retryable(Runnable write) {
        try {
            write.run();
        } catch (IndexUnavailableException e) {
            throw new RetryableException("the vector index does not answer", e);
        } catch (NoSuchCollectionException e) {
            throw new RetryableException("the version was retired meanwhile", e);
        }
    }

    /** Stops; images still inside are not written, so their events come again. Drain the consumers first. */
    @Override
    public void close() {
        forward.interrupt();
        try {
            forward.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        upserts.close();
    }
}
