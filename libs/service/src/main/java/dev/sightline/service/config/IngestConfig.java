package dev.sightline.service.config;

import jakarta.validation.Valid;

/** What ingest can be told. */
public record IngestConfig(
        @Valid KafkaConfig kafka,
        @Valid ImagesConfig images,
        @Valid UploadsConfig uploads,
        @Valid HttpConfig http) implements ServiceConfig {
    public static final IngestConfig DEFAULTS =
            new IngestConfig(KafkaConfig.DEFAULTS, ImagesConfig.DEFAULTS, UploadsConfig.DEFAULTS, new HttpConfig(8081));

    @Override
    public String service() {
        return "ingest";
    }
}
