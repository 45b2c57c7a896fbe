package dev.sightline.events;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;

/**
 * How to reach Kafka.
 *
 * @param bootstrapServers {@code host:port,…}
 * @param properties passed through to every client, for example {@code security.protocol}
 */
public record KafkaSettings(String bootstrapServers, Map<String, String> properties) {
    public KafkaSettings {
        properties = Map.copyOf(properties);
    }

    public KafkaSettings(String bootstrapServers) {
        this(bootstrapServers, Map.of());
    }

    /**
     * An admin client, with deadlines short enough to notice soon that nobody answers.
     *
     * @throws KafkaUnavailableException if no bootstrap server's name resolves yet
     */
    public Admin admin() {
        try {
            return Admin.create(with(Map.of(
                    AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000,
                    AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000)));
        } catch (KafkaException e) {
            if (e.getCause() instanceof ConfigException unresolved
                    && String.valueOf(unresolved.getMessage()).startsWith("No resolvable bootstrap urls")) {
                throw new KafkaUnavailableException("the name of " + bootstrapServers + " does not resolve", e);
            }
            throw e;
        }
    }

    /** The pass-through properties and {@code bootstrap.servers}, with {@code own} on top. */
    public Map<String, Object> with(Map<String, Object> own) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put("bootstrap.servers", bootstrapServers);
        all.putAll(own);
        return all;
    }
}
