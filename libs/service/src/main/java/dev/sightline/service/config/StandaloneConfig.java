package dev.sightline.service.config;

import jakarta.validation.Valid;
import java.nio.file.Path;

/** What all services in one process can be told. They bring their own Kafka, so there is nothing to say about it. */
public record StandaloneConfig(
        @Valid IndexConfig index,
        @Valid ImagesConfig images,
        @Valid UploadsConfig uploads,
        @Valid BatchConfig embed,
        @Valid ModelsConfig models,
        @Valid LifecycleConfig lifecycle,
        @Valid RetrainingConfig retraining,
        @Valid HttpConfig http)
        implements ServiceConfig {
    public static final StandaloneConfig DEFAULTS = in(Path.of(".sightline"), 8080);

    /** Everything under {@code home}, with the index in this process. */
    public static StandaloneConfig in(Path home, int port) {
        return new StandaloneConfig(
                IndexConfig.DEFAULTS.embedded(home.resolve("index")),
                ImagesConfig.DEFAULTS.in(home.resolve("images")),
                new UploadsConfig(home.resolve("uploads")),
                BatchConfig.DEFAULTS,
                new ModelsConfig(home.resolve("models")),
                LifecycleConfig.DEFAULTS,
                RetrainingConfig.DEFAULTS,
                new HttpConfig(port));
    }

    @Override
    public String service() {
        return "standalone";
    }

    /** The same, where one version replaces another as told. */
    public StandaloneConfig with(LifecycleConfig other) {
        return new StandaloneConfig(index, images, uploads, embed, models, other, retraining, http);
    }
}
