package dev.sightline.index;

import dev.sightline.domain.ImageId;

/** A deletion and its place in the order of the image's events. */
public record Deletion(ImageId id, long ordering) {}
