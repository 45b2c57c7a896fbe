package dev.sightline.service.config;

import jakarta.validation.Valid;

/** What the trainer can be told. */
public record TrainerConfig(
        @Valid KafkaConfig kafka,
        @Valid IndexConfig index,
        @Valid ImagesConfig images,
        @Valid ModelsConfig models,
        @Valid LifecycleConfig lifecycle,
        @Valid RetrainingConfig retraining,
        @Valid HttpConfig http)
        implements ServiceConfig {
    public static final TrainerConfig DEFAULTS = new TrainerConfig(
            KafkaConfig.DEFAULTS,
            IndexConfig.DEFAULTS,
            ImagesConfig.DEFAULTS,
            ModelsConfig.DEFAULTS,
            LifecycleConfig.DEFAULTS,
            RetrainingConfig.DEFAULTS,
            new HttpConfig(8083));

    @Override
    public String service() {
        return "trainer";
    }
}
