package dev.sightline.domain;

import java.time.Instant;
import java.util.Map;

/**
 * What is known of an image besides its pixels.
 *
 * @param source who sent it, for example {@code http} or a platform's name
 * @param uploadedAt when it was accepted
 * @param width in pixels
 * @param height in pixels
 * @param tags free key-value pairs that searches may filter on
 */
public record ImageMetadata(String source, Instant uploadedAt, int width, int height, Map<String, String> tags) {
    public ImageMetadata {
        tags = Map.copyOf(tags);
    }
}
