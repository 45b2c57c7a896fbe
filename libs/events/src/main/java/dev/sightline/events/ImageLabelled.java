package dev.sightline.events;

import dev.sightline.domain.ImageId;
import java.time.Instant;
import java.util.Map;

/**
 * Somebody said what is in an image; attributes not named are unknown.
 *
 * @param source who said so; {@link #FEEDBACK} for somebody who searched
 */
public record ImageLabelled(ImageId id, Map<String, Boolean> attributes, String source, Instant labelledAt) {
    /** Does not override what others said. */
    public static final String FEEDBACK = "feedback";

    public ImageLabelled {
        attributes = Map.copyOf(attributes);
    }
}
