package dev.sightline.service.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigDef.Type;

/** A value that is never printed. */
public final class Secret {
    static final String MASK = "****";

    private final String value;

    @JsonCreator
    Secret(String value) {
        this.value = value;
    }

    /** The value, for the client that needs it. */
    public String reveal() {
        return value;
    }

    @JsonValue
    @Override
    public String toString() {
        return MASK;
    }

    /** {@code value}, or a mask unless Kafka itself says that this property is no password. */
    static String ofKafkaProperty(String property, String value) {
        return isKnownAndPublic(property, ConsumerConfig.configDef().configKeys())
                        || isKnownAndPublic(property, ProducerConfig.configDef().configKeys())
                        || isKnownAndPublic(
                                property, AdminClientConfig.configDef().configKeys())
                ? value
                : MASK;
    }

    private static boolean isKnownAndPublic(String property, Map<String, ConfigKey> known) {
        ConfigKey key = known.get(property);
        return key != null && key.type() != Type.PASSWORD;
    }
}
