package dev.sightline.events;

import dev.sightline.domain.ImageId;
import java.time.Instant;

/** An image is to be found no longer. */
public record ImageDeleted(ImageId id, Instant deletedAt) implements ImageEvent {}
