package dev.sightline.service.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.nio.file.Path;

/** The model registry. */
public record ModelsConfig(
        @JsonPropertyDescription(
                "Folder of the model bundles. Workers and search read bundles from the path the trainer announces, so"
                        + " mount it at the same path everywhere.")
        Path directory) {
    public static final ModelsConfig DEFAULTS = new ModelsConfig(Path.of(".sightline/models"));
}
