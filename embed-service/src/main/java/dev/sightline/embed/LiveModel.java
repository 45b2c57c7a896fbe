package dev.sightline.embed;

import dev.sightline.domain.ModelVersion;
import dev.sightline.towers.ImageEmbedder;
import dev.sightline.towers.Preprocessor;
import dev.sightline.towers.TwoTowerModel;

/** A version that takes writes, its collection, and what turns pixels into its vectors. Embedded by one thread only. */
record LiveModel(
        ModelVersion version,
        String collection,
        TwoTowerModel model,
        Preprocessor preprocessor,
        ImageEmbedder embedder) {}
