package dev.sightline.index;

import dev.sightline.domain.ImageId;

/** What a collection knows of an image, without its content. @param live false for one that was deleted */
public record IndexEntry(ImageId id, long ordering, boolean live) {}
