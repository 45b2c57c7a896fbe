package dev.sightline.events;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The consumer loop of one topic: poll, hand to the handler, commit what is done.
 *
 * <p>At most {@link ConsumerSettings#maxInFlight} events are handled at once; while that many are, the partitions are
 * paused and polling goes on, so the group keeps its member. Only the low watermark of each partition is committed, so
 * an event not yet done is delivered again after a crash. One poll thread owns the Kafka client and the backlog; handlers
 * run on virtual threads.
 */
public final class EventConsumer<E> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventConsumer.class);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration STALLED = Duration.ofMinutes(2);

    private final KafkaSettings kafka;
    private final String topic;
    private final EventCodec<E> codec;
    private final ConsumerSettings settings;
    private final EventHandler<E> handler;
    private final MeterRegistry meters;
    private final Conditions conditions;
    private final String clientId;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Map<TopicPartition, OffsetTracker> trackers = new ConcurrentHashMap<>();
    private final Deque<ConsumerRecord<byte[], byte[]>> backlog = new ArrayDeque<>();
    private final Thread loop;
    private volatile boolean draining;
    private volatile boolean crashed;
    private volatile Instant lastRound = Instant.now();

    /**
     * What else steers the loop. Both run on the poll thread, so neither may block.
     *
     * @param held while it is true no new event is handed out; the group keeps its member
     * @param assigned runs when partitions come to this consumer, before any of their events is handed out
     */
    public record Conditions(BooleanSupplier held, Runnable assigned) {
        /** Always takes events, and does nothing about new partitions. */
        public static final Conditions NONE = new Conditions(() -> false, () -> {});
    }

    public EventConsumer(
            KafkaSettings kafka,
            String topic,
            EventCodec<E> codec,
            ConsumerSettings settings,
            EventHandler<E> handler,
            MeterRegistry meters) {
        this(kafka, topic, codec, settings, handler, meters, Conditions.NONE);
    }

    public EventConsumer(
            KafkaSettings kafka,
            String topic,
            EventCodec<E> codec,
            ConsumerSettings settings,
            EventHandler<E> handler,
            MeterRegistry meters,
            Conditions conditions) {
        this.kafka = kafka;
        this.topic = topic;
        this.codec = codec;
        this.settings = settings;
        this.handler = handler;
        this.meters = meters;
        this.conditions = conditions;
        this.clientId = settings.groupId() + "-" + UUID.randomUUID();
        this.loop = Thread.ofPlatform().name("consume-" + topic).unstarted(this::run);
    }

    public void start() {
        meters.gauge("sightline.consumer.in.flight", Delivery.tags(topic, settings), inFlight);
        lastRound = Instant.now();
        loop.start();
    }

    /** Whether the loop came round lately. */
    public boolean isAlive() {
        return loop.isAlive() && lastRound.isAfter(Instant.now().minus(STALLED));
    }

    /** What the group's members know this one by. */
    public String clientId() {
        return clientId;
    }

    /** Events being handled right now. */
    public int inFlight() {
        return inFlight.get();
    }

    /** Takes no more events, waits for those in flight up to the drain timeout, commits, and leaves the group. */
    @Override
    public void close() {
        draining = true;
        join();
    }

    /** Stops as a crash would: nothing in flight is waited for, nothing is committed. For tests. */
    void crash() {
        crashed = true;
        close();
    }

    private void join() {
        try {
            loop.join(settings.drainTimeout().plusSeconds(20));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        ExecutorService handlers = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("handle-" + topic + "-", 0).factory());
        try (var deadLetters = new DeadLetters(kafka, topic);
                var consumer = new KafkaConsumer<>(
                        clientSettings(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            var delivery =
                    new Delivery<>(topic, codec, settings, handler, deadLetters, handlers, () -> draining, meters);
            consumer.subscribe(List.of(topic), new Rebalance(consumer));
            while (!draining) {
                round(consumer, delivery);
            }
            if (!crashed) {
                drain(consumer);
            }
        } catch (InterruptException e) {
            LOG.debug("consumer of {} was interrupted", topic);
        } catch (RuntimeException e) {
            LOG.error("the consumer of {} ended; its partitions go to the other members of the group", topic, e);
        } finally {
            // Not awaited: a handler that hangs must not keep its partitions from the rest of the group.
            handlers.shutdownNow();
        }
    }

    private void round(KafkaConsumer<byte[], byte[]> consumer, Delivery<E> delivery) {
        boolean held = conditions.held().getAsBoolean();
        if (backlog.isEmpty() && !held) {
            consumer.resume(consumer.paused());
        } else {
            consumer.pause(consumer.assignment());
        }
        consumer.poll(POLL).forEach(backlog::add);
        while (!held && !backlog.isEmpty() && inFlight.get() < settings.maxInFlight()) {
            dispatch(backlog.remove(), delivery);
        }
        commit(consumer, trackers.keySet());
        lastRound = Instant.now();
    }

    private void dispatch(ConsumerRecord<byte[], byte[]> record, Delivery<E> delivery) {
        var tracker = trackers.computeIfAbsent(
                new TopicPartition(record.topic(), record.partition()), partition -> new OffsetTracker());
        tracker.start(record.offset());
        inFlight.incrementAndGet();
        delivery.deliver(record).whenComplete((done, failure) -> {
            inFlight.decrementAndGet();
            if (failure == null) {
                tracker.complete(record.offset());
            }
        });
    }

    private void drain(KafkaConsumer<byte[], byte[]> consumer) {
        backlog.clear();
        Instant deadline = Instant.now().plus(settings.drainTimeout());
        while (inFlight.get() > 0 && Instant.now().isBefore(deadline)) {
            consumer.pause(consumer.assignment());
            consumer.poll(POLL);
        }
        if (inFlight.get() > 0) {
            LOG.warn(
                    "{} events of {} were still in flight after {}; they will be delivered again",
                    inFlight,
                    topic,
                    settings.drainTimeout());
        }
        commit(consumer, trackers.keySet());
    }

    private void commit(KafkaConsumer<byte[], byte[]> consumer, Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>();
        for (TopicPartition partition : partitions) {
            OffsetTracker tracker = trackers.get(partition);
            long offset = tracker == null ? -1 : tracker.toCommit();
            if (offset >= 0) {
                done.put(partition, new OffsetAndMetadata(offset));
            }
        }
        if (done.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(done);
            done.forEach((partition, offset) -> {
                OffsetTracker tracker = trackers.get(partition);
                if (tracker != null) {
                    tracker.committed(offset.offset());
                }
            });
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.warn("cannot commit {} now; the events may be delivered again", done, e);
        }
    }

    private Map<String, Object> clientSettings() {
        return kafka.with(Map.of(
                ConsumerConfig.GROUP_ID_CONFIG,
                settings.groupId(),
                ConsumerConfig.CLIENT_ID_CONFIG,
                clientId,
                ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                "consumer",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                settings.maxInFlight()));
    }

    /** Commits and forgets partitions that go to another member; forgets those already gone. Poll thread only. */
    private final class Rebalance implements ConsumerRebalanceListener {
        private final KafkaConsumer<byte[], byte[]> consumer;

        Rebalance(KafkaConsumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            conditions.assigned().run();
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            if (!crashed) {
                commit(consumer, partitions);
            }
            onPartitionsLost(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            backlog.removeIf(record -> partitions.contains(new TopicPartition(record.topic(), record.partition())));
            partitions.forEach(trackers::remove);
        }
    }
}
