package dev.sightline.embed;

import dev.sightline.domain.ModelVersion;
import dev.sightline.events.ModelStateChanged;
import dev.sightline.towers.ImageEmbedder;
import dev.sightline.towers.Preprocessor;
import dev.sightline.towers.TwoTowerModel;

/**
 * A version that takes writes, its collection, and what turns pixels into its vectors. Embedded by one thread only.
 *
 * @param event what was said of the version last
 * @param serving whether searches run on it, so that an image it cannot embed has failed
 */
record LiveModel(
        ModelStateChanged event,
        boolean serving,
        String collection,
        TwoTowerModel model,
        Preprocessor preprocessor,
        ImageEmbedder embedder) {

    ModelVersion version() {
        return event.version();
    }

    LiveModel as(ModelStateChanged next, boolean isServing) {
        return new LiveModel(next, isServing, collection, model, preprocessor, embedder);
    }
}
