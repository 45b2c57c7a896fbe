package dev.sightline.events;

import dev.sightline.domain.ImageId;
import java.time.Instant;
import java.util.Map;

/** An image arrived. @param tags free key-value pairs that searches may filter on */
public record ImageUploaded(
        ImageId id, ImageContent content, String source, Instant uploadedAt, Map<String, String> tags)
        implements ImageEvent {
    public ImageUploaded {
        tags = Map.copyOf(tags);
    }
}
