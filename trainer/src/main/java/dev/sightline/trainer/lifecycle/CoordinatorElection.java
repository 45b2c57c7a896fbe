package dev.sightline.trainer.lifecycle;

import dev.sightline.events.ConsumerGroups;
import dev.sightline.events.KafkaSettings;
import dev.sightline.events.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Elects one of the coordinators: the member of a consumer group that holds the only partition of {@code model-events}.
 * It reads nothing. This says who should act; that nobody else can is the fenced log's work. The classic group protocol
 * lets this client choose how soon a dead coordinator is replaced.
 */
final class CoordinatorElection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CoordinatorElection.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration BEFORE_REJOINING = Duration.ofSeconds(1);

    private final KafkaSettings kafka;
    private final String topic;
    private final Thread loop =
            Thread.ofPlatform().daemon().name("coordinator-election").unstarted(this::run);
    private volatile boolean elected;
    private volatile boolean closed;

    CoordinatorElection(KafkaSettings kafka, Topics topics) {
        this.kafka = kafka;
        this.topic = topics.modelEvents();
    }

    void start() {
        loop.start();
    }

    boolean isElected() {
        return elected;
    }

    boolean isAlive() {
        return loop.isAlive();
    }

    private void run() {
        while (!closed) {
            try {
                stand();
            } catch (InterruptException e) {
                return;
            } catch (KafkaException e) {
                LOG.warn("the coordinator lost its group; it stands for election again", e);
                pause();
            } finally {
                elected = false;
            }
        }
    }

    private void stand() {
        try (var consumer = new KafkaConsumer<>(
                kafka.with(Map.of(
                        ConsumerConfig.GROUP_ID_CONFIG,
                        ConsumerGroups.COORDINATOR,
                        ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                        6_000,
                        ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                        1_000,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "latest")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic), new Changes(consumer));
            while (!closed) {
                consumer.poll(POLL);
            }
        }
    }

    private final class Changes implements ConsumerRebalanceListener {
        private final KafkaConsumer<byte[], byte[]> consumer;

        Changes(KafkaConsumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            consumer.pause(partitions);
            elected = elected || !partitions.isEmpty();
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            if (!partitions.isEmpty()) {
                elected = false;
            }
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            elected = false;
        }
    }

    private void pause() {
        try {
            Thread.sleep(BEFORE_REJOINING);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed = true;
        }
    }

    /** Leaves the group, so that another coordinator is elected at once. */
    @Override
    public void close() {
        closed = true;
        if (loop.getState() == Thread.State.NEW) {
            return;
        }
        try {
            loop.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
