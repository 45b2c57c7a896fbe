package dev.sightline.embed;

import ai.djl.ndarray.NDArray;
import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.ModelState;
import dev.sightline.domain.ModelVersion;
import dev.sightline.events.ModelStateChanged;
import dev.sightline.towers.Backbone;
import dev.sightline.towers.Preprocessing;
import dev.sightline.towers.TowerSettings;
import dev.sightline.towers.TwoTowerModel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Bundles of untrained models. */
final class TinyModels {
    static final int DIMENSION = 8;

    private TinyModels() {}

    static ModelStateChanged save(Path directory, String name) {
        return save(directory, name, false);
    }

    /** @param broken whether its image tower makes no numbers of any image */
    static ModelStateChanged save(Path directory, String name, boolean broken) {
        Path bundle = directory.resolve(name + ".sightline-model");
        var version = new ModelVersion(name);
        try (var model = TwoTowerModel.create(
                new AttributeSchema("one", List.of("Male")),
                new Preprocessing(32),
                new TowerSettings(Backbone.SMALL_CNN, 8, DIMENSION, 8),
                name.hashCode(),
                TwoTowerModel.bestDevice())) {
            if (broken) {
                NDArray weights = model.imageTower().getParameters().valueAt(0).getArray();
                weights.set(weights.mul(Float.NaN).toFloatArray());
            }
            model.save(bundle, version, Map.of(), Map.of());
        }
        return new ModelStateChanged(
                version, ModelState.CANDIDATE, bundle.toUri(), DIMENSION, "trained", Instant.EPOCH);
    }
}
