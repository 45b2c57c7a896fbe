package dev.sightline.service.config;

import jakarta.validation.Valid;

/** What an embed worker can be told. */
public record EmbedConfig(
        @Valid KafkaConfig kafka,
        @Valid IndexConfig index,
        @Valid ImagesConfig images,
        @Valid BatchConfig embed,
        @Valid HttpConfig http)
        implements ServiceConfig {
    public static final EmbedConfig DEFAULTS = new EmbedConfig(
            KafkaConfig.DEFAULTS,
            IndexConfig.DEFAULTS,
            ImagesConfig.DEFAULTS,
            BatchConfig.DEFAULTS,
            new HttpConfig(8082));

    @Override
    public String service() {
        return "embed";
    }
}
