package dev.sightline.events;

import java.time.Duration;

/**
 * How a consumer works.
 *
 * @param groupId consumers of one group share the partitions
 * @param maxInFlight events handled at once; more wait in Kafka
 * @param drainTimeout how long closing waits for what is in flight
 * @param retryDelay before the second try; doubles up to {@code maxRetryDelay}, with jitter
 * @param bugAttempts tries before an unexpected failure is taken for a bug
 */
public record ConsumerSettings(
        String groupId,
        int maxInFlight,
        Duration drainTimeout,
        Duration retryDelay,
        Duration maxRetryDelay,
        int bugAttempts) {
    public ConsumerSettings {
        if (maxInFlight < 1 || bugAttempts < 1) {
            throw new IllegalArgumentException(
                    "maxInFlight and bugAttempts must be positive, but were " + maxInFlight + " and " + bugAttempts);
        }
    }

    public ConsumerSettings(String groupId, int maxInFlight) {
        this(groupId, maxInFlight, Duration.ofSeconds(30), Duration.ofMillis(200), Duration.ofSeconds(10), 4);
    }
}
