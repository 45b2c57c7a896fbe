package dev.sightline.embed;

import dev.sightline.domain.ContentHash;
import dev.sightline.domain.Embedding;
import dev.sightline.domain.ImageId;
import dev.sightline.domain.ImageMetadata;
import dev.sightline.index.IndexedImage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * An image on its way from decoding to the index.
 *
 * @param parts one for each version it is written to, in the order it is written
 */
record Prepared(ImageId id, ContentHash contentHash, ImageMetadata metadata, long ordering, List<Part> parts) {

    /**
     * An image for one version.
     *
     * @param pixels as the version's tower wants them
     * @param written completes when the version's collection has it
     */
    record Part(LiveModel model, byte[] pixels, CompletableFuture<Void> written) {}

    IndexedImage entry(Embedding embedding) {
        return new IndexedImage(id, contentHash, embedding, ordering, metadata, Instant.now());
    }

    Optional<Part> part(LiveModel model) {
        return parts.stream().filter(part -> part.model().equals(model)).findFirst();
    }

    /** Whether a write that comes before {@code next} failed; a version that cannot embed the image hinders only itself. */
    boolean hasFailedBefore(Part next) {
        return parts.subList(0, parts.indexOf(next)).stream()
                .anyMatch(part -> part.written().isCompletedExceptionally()
                        && (part.model().serving()
                                || !(part.written().exceptionNow() instanceof NotEmbeddableException)));
    }
}
