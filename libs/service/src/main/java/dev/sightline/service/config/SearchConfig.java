package dev.sightline.service.config;

import jakarta.validation.Valid;

/** What search can be told. */
public record SearchConfig(
        @Valid KafkaConfig kafka,
        @Valid IndexConfig index,
        @Valid ImagesConfig images,
        @Valid HttpConfig http) implements ServiceConfig {
    public static final SearchConfig DEFAULTS =
            new SearchConfig(KafkaConfig.DEFAULTS, IndexConfig.DEFAULTS, ImagesConfig.DEFAULTS, new HttpConfig(8080));

    @Override
    public String service() {
        return "search";
    }
}
