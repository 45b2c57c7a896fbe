package dev.sightline.events;

import dev.sightline.domain.ContentHash;
import dev.sightline.domain.ImageId;
import dev.sightline.domain.ImageMetadata;
import dev.sightline.domain.ModelVersion;

/**
 * An image of the active collection is wanted in {@code version}'s too.
 *
 * @param ordering of the active entry, so that a backfill never overwrites a newer event
 */
public record BackfillRequested(
        ImageId id, ContentHash contentHash, ModelVersion version, long ordering, ImageMetadata metadata) {}
