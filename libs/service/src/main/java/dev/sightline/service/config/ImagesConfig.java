package dev.sightline.service.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.sightline.images.FilesystemImageStore;
import dev.sightline.images.ImageLimits;
import dev.sightline.images.ImageStore;
import jakarta.validation.constraints.Positive;
import java.nio.file.Path;

/** The image store, and which images are taken. */
public record ImagesConfig(
        @JsonPropertyDescription("Folder of the image store; all services share it.")
        Path directory,

        @JsonPropertyDescription("Largest file taken, in bytes.") @Positive(message = "at least 1")
        int maxBytes,

        @JsonPropertyDescription("Most pixels taken, width × height.") @Positive(message = "at least 1")
        long maxPixels,

        @JsonPropertyDescription("Fewest pixels of the shorter side.") @Positive(message = "at least 1")
        int minSide) {
    public static final ImagesConfig DEFAULTS = new ImagesConfig(
            Path.of(".sightline/images"),
            ImageLimits.DEFAULT.maxBytes(),
            ImageLimits.DEFAULT.maxPixels(),
            ImageLimits.DEFAULT.minSide());

    ImagesConfig in(Path other) {
        return new ImagesConfig(other, maxBytes, maxPixels, minSide);
    }

    public ImageStore store() {
        return new FilesystemImageStore(directory);
    }

    public ImageLimits limits() {
        return new ImageLimits(maxBytes, maxPixels, minSide);
    }
}
