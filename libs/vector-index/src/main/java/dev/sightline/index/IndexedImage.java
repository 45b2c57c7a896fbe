package dev.sightline.index;

import dev.sightline.domain.ContentHash;
import dev.sightline.domain.Embedding;
import dev.sightline.domain.ImageId;
import dev.sightline.domain.ImageMetadata;
import java.time.Instant;

/**
 * One entry of a collection.
 *
 * @param ordering the position of the event that caused this write among all events of the image; higher is newer
 * @param indexedAt when the embedding was computed
 */
public record IndexedImage(
        ImageId id,
        ContentHash contentHash,
        Embedding embedding,
        long ordering,
        ImageMetadata metadata,
        Instant indexedAt) {}
