package dev.sightline.towers;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.ModelVersion;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a bundle says of itself.
 *
 * @param training the settings it was trained with, for people
 * @param metrics held-out figures by name, for example {@code precisionAt10.1}
 * @param history how training went, epoch by epoch; empty in bundles written before it was kept
 */
public record ModelManifest(
        int formatVersion,
        ModelVersion version,
        AttributeSchema schema,
        Preprocessing preprocessing,
        TowerSettings towers,
        Map<String, String> training,
        Map<String, Double> metrics,
        @JsonSetter(nulls = Nulls.AS_EMPTY) List<TrainingEpoch> history,
        Instant createdAt) {
    /** The only bundle format this release reads and writes. */
    public static final int FORMAT_VERSION = 2;

    /** Key of {@link #training}: the fingerprint of the dataset it was trained on. */
    public static final String DATASET = "dataset";

    /** Key of {@link #training}: the release or revision of Sightline that trained it. */
    public static final String CODE_VERSION = "codeVersion";

    public ModelManifest {
        training = Map.copyOf(training);
        metrics = Map.copyOf(metrics);
        history = List.copyOf(history);
    }
}
