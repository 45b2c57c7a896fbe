package dev.sightline.events;

import java.util.HashMap;
import java.util.Map;

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

    /** The pass-through properties and {@code bootstrap.servers}, with {@code own} on top. */
    public Map<String, Object> with(Map<String, Object> own) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put("bootstrap.servers", bootstrapServers);
        all.putAll(own);
        return all;
    }
}
