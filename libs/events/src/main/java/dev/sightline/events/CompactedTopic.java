package dev.sightline.events;

import io.cloudevents.kafka.KafkaMessageFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A follower of a whole topic: replays it from the start, then keeps up, and commits nothing. Every instance sees every
 * committed event, in the order of its partition, on one named thread. An event that cannot be read is logged and passed
 * over.
 */
public final class CompactedTopic<E> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CompactedTopic.class);
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaSettings kafka;
    private final String topic;
    private final EventCodec<E> codec;
    private final Consumer<E> listener;
    private final Runnable replayed;
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private final Queue<CompletableFuture<Void>> newlyAwaited = new ConcurrentLinkedQueue<>();
    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private final Thread loop;
    private volatile boolean closed;

    public CompactedTopic(KafkaSettings kafka, String topic, EventCodec<E> codec, Consumer<E> listener) {
        this(kafka, topic, codec, listener, () -> {});
    }

    /** @param replayed runs on the follower's thread when all that was in the topic at the start has been seen */
    public CompactedTopic(
            KafkaSettings kafka, String topic, EventCodec<E> codec, Consumer<E> listener, Runnable replayed) {
        this.kafka = kafka;
        this.topic = topic;
        this.codec = codec;
        this.listener = listener;
        this.replayed = replayed;
        this.loop = Thread.ofPlatform().daemon().name("follow-" + topic).unstarted(this::run);
    }

    public void start() {
        loop.start();
    }

    /** Waits until everything that was in the topic at the start has been seen; false if that takes longer. */
    public boolean awaitCaughtUp(Duration timeout) throws InterruptedException {
        return caughtUp.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Completes when everything that is in the topic now has been seen; never, once closed. */
    public CompletableFuture<Void> catchUp() {
        var seen = new CompletableFuture<Void>();
        newlyAwaited.add(seen);
        return seen;
    }

    public boolean isAlive() {
        return loop.isAlive();
    }

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

    private void run() {
        while (!closed) {
            try {
                follow();
            } catch (InterruptException e) {
                return;
            } catch (KafkaException e) {
                LOG.warn("lost {}; going on where it was", topic, e);
            }
        }
    }

    /** What somebody waits for: that these positions are reached. */
    private record Awaited(Map<TopicPartition, Long> ends, CompletableFuture<Void> seen) {}

    private void follow() {
        try (var consumer = new KafkaConsumer<>(
                kafka.with(Map.of(
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            for (TopicPartition partition : partitions) {
                consumer.seek(partition, positions.getOrDefault(partition, 0L));
            }
            Map<TopicPartition, Long> atStart = consumer.endOffsets(partitions);
            List<Awaited> awaited = new ArrayList<>();
            while (!closed) {
                consumer.poll(POLL).forEach(this::apply);
                partitions.forEach(partition -> positions.put(partition, consumer.position(partition)));
                if (caughtUp.getCount() > 0 && isReached(atStart)) {
                    tellReplayed();
                }
                awaited.removeIf(wait -> isReached(wait.ends()) && wait.seen().complete(null));
                for (var seen = newlyAwaited.poll(); seen != null; seen = newlyAwaited.poll()) {
                    awaited.add(new Awaited(consumer.endOffsets(partitions), seen));
                }
            }
        }
    }

    private boolean isReached(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }

    private void tellReplayed() {
        try {
            replayed.run();
        } catch (RuntimeException e) {
            LOG.error("cannot apply what {} holds", topic, e);
        }
        caughtUp.countDown();
    }

    private void apply(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return;
        }
        try {
            listener.accept(
                    codec.decode(KafkaMessageFactory.createReader(record).toEvent()));
        } catch (RuntimeException e) {
            LOG.error("cannot apply {}-{}@{}", topic, record.partition(), record.offset(), e);
        }
    }
}
