package dev.sightline.service.config;

import java.util.List;

/** The whole configuration of one process. */
public sealed interface ServiceConfig permits IngestConfig, EmbedConfig, SearchConfig, TrainerConfig, StandaloneConfig {

    /** The service's name, as in its metrics, logs and command line. */
    String service();

    /** Where it answers HTTP. */
    HttpConfig http();

    /** Every service with its defaults: what a shared file or environment may speak of. */
    static List<ServiceConfig> defaults() {
        return List.of(
                IngestConfig.DEFAULTS,
                EmbedConfig.DEFAULTS,
                SearchConfig.DEFAULTS,
                TrainerConfig.DEFAULTS,
                StandaloneConfig.DEFAULTS);
    }
}
