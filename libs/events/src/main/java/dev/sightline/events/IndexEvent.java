package dev.sightline.events;

import dev.sightline.domain.ImageId;
import dev.sightline.domain.ModelVersion;
import java.time.Instant;

/** What became of an image. */
public sealed interface IndexEvent {
    ImageId id();

    /** Searches on {@code version} can find it. */
    record ImageIndexed(ImageId id, ModelVersion version, Instant uploadedAt, Instant indexedAt)
            implements IndexEvent {}

    /** It was refused. @param reason a constant, for counters; @param detail for people */
    record ImageFailed(ImageId id, String reason, String detail, Instant failedAt) implements IndexEvent {}

    /** No search finds it any more. */
    record ImageRemoved(ImageId id, Instant removedAt) implements IndexEvent {}
}
