package dev.sightline.events;

import dev.sightline.domain.ImageId;

/** Something happened to an image; the events of one image are in order. */
public sealed interface ImageEvent permits ImageUploaded, ImageDeleted {
    ImageId id();
}
