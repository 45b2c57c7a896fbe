package dev.sightline.events;

import dev.sightline.domain.ContentHash;

/** Where an uploaded image's bytes are. */
public sealed interface ImageContent {

    /** In the image store: the event is a claim check. */
    record Stored(ContentHash hash) implements ImageContent {}

    /** In the event itself; whoever handles it stores them first. Shares the array. */
    record Inline(byte[] bytes) implements ImageContent {}
}
