package dev.sightline.towers;

import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.ModelVersion;
import java.time.Instant;
import java.util.Map;

/**
 * What a bundle says of itself.
 *
 * @param training the settings it was trained with, for people
 * @param metrics held-out figures by name, for example {@code precisionAt10.1}
 */
public record ModelManifest(
        int formatVersion,
        ModelVersion version,
        AttributeSchema schema,
        Preprocessing preprocessing,
        TowerSettings towers,
        Map<String, String> training,
        Map<String, Double> metrics,
        Instant createdAt) {
    /** The only bundle format this release reads and writes. */
    public static final int FORMAT_VERSION = 1;

    public ModelManifest {
        training = Map.copyOf(training);
        metrics = Map.copyOf(metrics);
    }
}
