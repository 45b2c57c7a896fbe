package dev.sightline.events;

import dev.sightline.domain.ImageId;
import java.time.Instant;
import java.util.Map;

/** Somebody said what is in an image; attributes not named are unknown. */
public record ImageLabelled(ImageId id, Map<String, Boolean> attributes, String source, Instant labelledAt) {
    public ImageLabelled {
        attributes = Map.copyOf(attributes);
    }
}
