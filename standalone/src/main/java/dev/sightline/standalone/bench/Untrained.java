package dev.sightline.standalone.bench;

import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.ModelVersion;
import dev.sightline.towers.Backbone;
import dev.sightline.towers.ModelManifest;
import dev.sightline.towers.Preprocessing;
import dev.sightline.towers.TowerSettings;
import dev.sightline.towers.TwoTowerModel;
import dev.sightline.trainer.registry.ModelRegistry;
import java.util.List;
import java.util.Map;

/** Versions nobody trained: as fast as trained ones, and good enough where only speed and continuity count. */
final class Untrained {
    static final String ATTRIBUTE = "Male";
    private static final AttributeSchema SCHEMA = new AttributeSchema("bench", List.of(ATTRIBUTE, "Smiling"));

    private Untrained() {}

    /** @param width of the image tower */
    static ModelManifest version(ModelRegistry registry, String name, int inputSize, int width, int dimension) {
        try (var model = TwoTowerModel.create(
                SCHEMA,
                new Preprocessing(inputSize),
                new TowerSettings(Backbone.SMALL_CNN, width, dimension, 16),
                name.hashCode(),
                TwoTowerModel.bestDevice())) {
            var version = new ModelVersion(name);
            return model.save(registry.bundle(version), version, Map.of(), Map.of());
        }
    }
}
