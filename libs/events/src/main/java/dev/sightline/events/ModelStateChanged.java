package dev.sightline.events;

import dev.sightline.domain.ModelState;
import dev.sightline.domain.ModelVersion;
import java.net.URI;
import java.time.Instant;

/**
 * A model version entered a state; the last one of each version is the truth (the topic is compacted).
 *
 * @param bundle where the version's bundle is; every service must be able to read it
 * @param dimension of its embeddings
 * @param reason for people, for example the gate's numbers
 */
public record ModelStateChanged(
        ModelVersion version, ModelState state, URI bundle, int dimension, String reason, Instant changedAt) {

    /** The same version in another state, now. */
    public ModelStateChanged to(ModelState next, String why) {
        return new ModelStateChanged(version, next, bundle, dimension, why, Instant.now());
    }
}
