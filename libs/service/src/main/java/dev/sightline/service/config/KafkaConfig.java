package dev.sightline.service.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.sightline.events.KafkaSettings;
import dev.sightline.events.Topics;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import java.util.Map;
import org.hibernate.validator.constraints.Range;
import org.hibernate.validator.constraints.time.DurationMin;

/** How to reach Kafka, and the topics. */
public record KafkaConfig(
        @JsonPropertyDescription("Brokers to begin with.")
        @Pattern(regexp = "[^\\s,]+:\\d+(,[^\\s,]+:\\d+)*", message = "host:port, several separated by commas")
        String bootstrapServers,

        @JsonPropertyDescription("Before every topic's name, for example `prod.`.")
        @Pattern(regexp = "[A-Za-z0-9._-]{0,100}", message = "letters, digits, . _ and -")
        String topicPrefix,

        @JsonPropertyDescription(
                "Partitions of topics not there yet: the most workers that can share the work. Must not change while"
                        + " images are indexed.")
        @Positive(message = "at least 1")
        int partitions,

        @JsonPropertyDescription("Replicas of topics not there yet; -1 for the broker's default.")
        @Range(min = -1, max = Short.MAX_VALUE, message = "-1 to 32767")
        int replication,

        @JsonPropertyDescription("How long Kafka keeps image and index events.")
        @DurationMin(minutes = 1, message = "at least 60s")
        Duration retention,

        @JsonPropertyDescription("Largest event, that is the largest image sent inline.")
        @Positive(message = "at least 1")
        int maxEventBytes,

        @JsonPropertyDescription(
                "Passed to every Kafka client as it is, for TLS and SASL: `kafka.properties.security.protocol` or"
                        + " `SIGHTLINE_KAFKA_PROPERTIES_SECURITY_PROTOCOL`.")
        Map<String, String> properties) {
    public static final KafkaConfig DEFAULTS = new KafkaConfig(
            "localhost:9092",
            Topics.DEFAULT.prefix(),
            Topics.DEFAULT.partitions(),
            Topics.DEFAULT.replication(),
            Topics.DEFAULT.retention(),
            Topics.DEFAULT.maxEventBytes(),
            Map.of());

    @AssertTrue(message = "kafka.replication must be -1 or positive: a topic cannot have no replica")
    public boolean isReplicated() {
        return replication != 0;
    }

    /** Without its pass-through properties, which may hold passwords. */
    @Override
    public String toString() {
        return "KafkaConfig[bootstrapServers=" + bootstrapServers + ", topicPrefix=" + topicPrefix + ", properties="
                + properties.keySet() + "]";
    }

    public KafkaSettings settings() {
        return new KafkaSettings(bootstrapServers, properties);
    }

    public Topics topics() {
        return new Topics(topicPrefix, partitions, (short) replication, retention, maxEventBytes);
    }
}
