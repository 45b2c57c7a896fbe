package dev.sightline.embed;

import dev.sightline.domain.ContentHash;
import dev.sightline.domain.ImageId;
import dev.sightline.domain.ImageMetadata;
import dev.sightline.domain.ModelVersion;
import dev.sightline.embed.LiveModels.Pinned;
import dev.sightline.embed.Prepared.Part;
import dev.sightline.events.BackfillFailed;
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
import dev.sightline.events.WorkerReported.Retrying;
import dev.sightline.images.ImageDecoder;
import dev.sightline.images.ImageStore;
import dev.sightline.images.ImageStoreUnavailableException;
import dev.sightline.images.RefusedImageException;
import dev.sightline.index.Deletion;
import dev.sightline.index.VectorIndex;
import io.micrometer.core.instrument.MeterRegistry;
import java.awt.image.BufferedImage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * From an event to a searchable image: fetch → decode → batch → forward → upsert → tell.
 *
 * <p>Fetching and decoding run on the caller's thread, as many at once as there are cores; the rest is the
 * {@link BatchEmbedder}'s. What cannot be embedded by a version that does not serve is left out of that version alone.
 */
final class EmbedPipeline implements AutoCloseable {
    private static final int CORES = Runtime.getRuntime().availableProcessors();

    private final ImageStore store;
    private final VectorIndex index;
    private final LiveModels models;
    private final Outcomes outcomes;
    private final ImageDecoder decoder;
    private final SpareTime spareTime;
    private final BatchEmbedder embedder;
    private final RetryingJobs retrying = new RetryingJobs();
    private final Semaphore decoding = new Semaphore(CORES);
    private final Semaphore decodingInSpareTime = new Semaphore(Math.max(1, CORES / 2));

    /** Publishes what became of images; the stages complete when that is durable. */
    interface Outcomes {
        CompletionStage<Void> tell(IndexEvent event);

        CompletionStage<Void> tell(BackfillFailed event);
    }

    EmbedPipeline(
            EmbedSettings settings,
            ImageStore store,
            VectorIndex index,
            LiveModels models,
            Outcomes outcomes,
            MeterRegistry meters) {
        this.store = store;
        this.index = index;
        this.models = models;
        this.outcomes = outcomes;
        this.decoder = new ImageDecoder(settings.imageLimits());
        this.spareTime = new SpareTime(settings.maxBackfillBatchSize(), CORES);
        this.embedder = new BatchEmbedder(settings, index, spareTime, meters);
    }

    void start() {
        embedder.start();
    }

    boolean isAlive() {
        return embedder.isAlive();
    }

    /** Backfill jobs that could not be done yet, and why. */
    List<Retrying> retrying() {
        return retrying.list();
    }

    /** Handles a live event. Blocks while decoding; completes when every live collection and the index event are written. */
    CompletionStage<Void> handle(Received<ImageEvent> received) {
        return counted(() -> pinned(live -> {
            if (live.isEmpty()) {
                throw new RetryableException("no model version is active yet; train one");
            }
            return switch (received.event()) {
                case ImageUploaded uploaded -> embed(uploaded, received.ordering(), live);
                case ImageDeleted deleted -> delete(deleted, received.ordering(), live);
            };
        }));
    }

    private CompletionStage<Void> counted(Supplier<CompletionStage<Void>> handling) {
        spareTime.enter();
        try {
            return handling.get().whenComplete((done, failure) -> spareTime.leave());
        } catch (RuntimeException e) {
            spareTime.leave();
            throw e;
        }
    }

    /** Handles a backfill job: as an upload, but into one collection and with the ordering it had. */
    CompletionStage<Void> backfill(Received<BackfillRequested> received) {
        BackfillRequested job = received.event();
        return retrying.watch(
                job.id(),
                () -> pinned(live -> live.stream()
                        .filter(model -> model.version().equals(job.version()))
                        .findFirst()
                        .map(model -> backfill(job, model))
                        .orElseGet(() -> withoutModel(job.version()))));
    }

    private interface Handling {
        CompletionStage<Void> with(List<LiveModel> live);
    }

    private CompletionStage<Void> pinned(Handling handling) {
        Pinned pinned = models.pin();
        try {
            return handling.with(pinned.models()).whenComplete((done, failure) -> pinned.close());
        } catch (RuntimeException e) {
            pinned.close();
            throw e;
        }
    }

    private CompletionStage<Void> embed(ImageUploaded uploaded, long ordering, List<LiveModel> live) {
        try {
            byte[] bytes = fetch(uploaded.content());
            BufferedImage image = decode(bytes, decoding);
            var metadata = new ImageMetadata(
                    uploaded.source(), uploaded.uploadedAt(), image.getWidth(), image.getHeight(), uploaded.tags());
            Prepared prepared =
                    new Prepared(uploaded.id(), ContentHash.of(bytes), metadata, ordering, parts(image, live));
            embedder.embed(prepared);
            return written(prepared)
                    .thenCompose(written -> outcomes.tell(new IndexEvent.ImageIndexed(
                            uploaded.id(), live.getFirst().version(), uploaded.uploadedAt(), Instant.now())))
                    .exceptionallyCompose(failure -> cause(failure) instanceof NotEmbeddableException e
                            ? refuse(uploaded, Reason.NOT_EMBEDDABLE.name(), Reason.NOT_EMBEDDABLE, e)
                            : CompletableFuture.failedFuture(failure));
        } catch (RefusedImageException e) {
            return refuse(uploaded, e.reason().name(), Reason.IMAGE_REFUSED, e);
        } catch (MissingBytesException e) {
            return refuse(uploaded, "MISSING", Reason.IMAGE_MISSING, e);
        }
    }

    private CompletionStage<Void> refuse(ImageUploaded uploaded, String why, Reason reason, Exception cause) {
        String detail = String.valueOf(cause.getMessage());
        return outcomes.tell(new IndexEvent.ImageFailed(uploaded.id(), why, detail, Instant.now()))
                .thenCompose(told -> CompletableFuture.failedFuture(
                        new RefusedEventException(reason, uploaded.id() + ": " + detail, cause)));
    }

    private CompletionStage<Void> delete(ImageDeleted deleted, long ordering, List<LiveModel> live) {
        for (LiveModel model : live) {
            delete(model, new Deletion(deleted.id(), ordering));
        }
        return outcomes.tell(new IndexEvent.ImageRemoved(deleted.id(), Instant.now()));
    }

    private void delete(LiveModel model, Deletion deletion) {
        BatchEmbedder.retryable(() -> index.delete(model.collection(), List.of(deletion)));
    }

    private CompletionStage<Void> backfill(BackfillRequested job, LiveModel model) {
        try {
            byte[] bytes = fetch(new ImageContent.Stored(job.contentHash()));
            BufferedImage image = decodeInSpareTime(bytes);
            Prepared prepared = new Prepared(
                    job.id(), job.contentHash(), job.metadata(), job.ordering(), parts(image, List.of(model)));
            embedder.embedInSpareTime(prepared);
            return prepared.parts()
                    .getFirst()
                    .written()
                    .exceptionallyCompose(failure -> cause(failure) instanceof NotEmbeddableException e
                            ? giveUp(job, model, Reason.NOT_EMBEDDABLE, e)
                            : CompletableFuture.failedFuture(failure));
        } catch (RefusedImageException e) {
            return giveUp(job, model, Reason.IMAGE_REFUSED, e);
        } catch (MissingBytesException e) {
            return giveUp(job, model, Reason.IMAGE_MISSING, e);
        }
    }

    /** What the version may hold of the image is older, so it must go. */
    private CompletionStage<Void> giveUp(BackfillRequested job, LiveModel model, Reason reason, Exception cause) {
        delete(model, new Deletion(job.id(), job.ordering()));
        return outcomes.tell(failed(job.id(), model, reason, cause))
                .thenCompose(told -> CompletableFuture.failedFuture(
                        new RefusedEventException(reason, job.id() + ": " + cause.getMessage(), cause)));
    }

    private static BackfillFailed failed(ImageId id, LiveModel model, Reason reason, Exception cause) {
        return new BackfillFailed(
                id,
                model.version(),
                model.event().changedAt(),
                reason.name(),
                String.valueOf(cause.getMessage()),
                Instant.now());
    }

    /** A job for a version that is over is done; one for a version this worker has yet to load must wait. */
    private CompletionStage<Void> withoutModel(ModelVersion version) {
        boolean over = models.versions()
                .find(version)
                .filter(event -> !event.takesWrites())
                .isPresent();
        if (!over) {
            throw new RetryableException(version + " is not loaded here yet");
        }
        return CompletableFuture.completedFuture(null);
    }

    /** Completes when all collections have the image, but for versions that do not serve and cannot embed it. */
    private CompletableFuture<Void> written(Prepared image) {
        CompletableFuture<Void> all = CompletableFuture.completedFuture(null);
        for (Part part : image.parts()) {
            CompletionStage<Void> written = part.model().serving()
                    ? part.written()
                    : part.written()
                            .exceptionallyComposeAsync(failure -> cause(failure) instanceof NotEmbeddableException e
                                    ? leaveOut(image, part.model(), e)
                                    : CompletableFuture.failedFuture(failure));
            all = all.thenCombine(written, (before, now) -> now);
        }
        return all;
    }

    /** What the version held of the image is older, so it must go. */
    private CompletionStage<Void> leaveOut(Prepared image, LiveModel model, NotEmbeddableException cause) {
        delete(model, new Deletion(image.id(), image.ordering()));
        return outcomes.tell(failed(image.id(), model, Reason.NOT_EMBEDDABLE, cause));
    }

    private static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
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

    private BufferedImage decode(byte[] bytes, Semaphore permits) throws RefusedImageException {
        permits.acquireUninterruptibly();
        try {
            return decoder.decode(bytes);
        } finally {
            permits.release();
        }
    }

    private BufferedImage decodeInSpareTime(byte[] bytes) throws RefusedImageException {
        try {
            spareTime.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RetryableException("the worker is stopping", e);
        }
        return decode(bytes, decodingInSpareTime);
    }

    /** Decoded once, scaled for each model. */
    private static List<Part> parts(BufferedImage image, List<LiveModel> live) {
        List<Part> parts = new ArrayList<>(live.size());
        for (LiveModel model : live) {
            parts.add(new Part(model, model.preprocessor().prepare(image), new CompletableFuture<>()));
        }
        return parts;
    }

    /** Stops; images still inside are not written, so their events come again. Drain the consumers first. */
    @Override
    public void close() {
        embedder.close();
    }
}
