package dev.sightline.service.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.nio.file.Path;

/** Uploads on their way in. */
public record UploadsConfig(
        @JsonPropertyDescription("Folder where the files of a multipart upload lie while their request lasts.")
        Path directory) {
    public static final UploadsConfig DEFAULTS = new UploadsConfig(Path.of(".sightline/uploads"));
}
