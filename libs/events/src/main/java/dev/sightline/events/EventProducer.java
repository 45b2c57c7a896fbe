package dev.sightline.events;

import io.cloudevents.kafka.KafkaMessageFactory;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Publishes the events of one topic: idempotent, acknowledged by all in-sync replicas, compressed. Thread-safe.
 * {@link #send} may block while its buffer is full, so never call it from an event loop.
 */
public final class EventProducer<E> implements AutoCloseable {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final String topic;
    private final EventCodec<E> codec;
    private final KafkaProducer<String, byte[]> producer;

    public EventProducer(KafkaSettings kafka, String topic, EventCodec<E> codec) {
        this(kafka, topic, codec, Topics.DEFAULT.maxEventBytes());
    }

    public EventProducer(KafkaSettings kafka, String topic, EventCodec<E> codec, int maxEventBytes) {
        this.topic = topic;
        this.codec = codec;
        this.producer = new KafkaProducer<>(
                kafka.with(Map.of(
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true,
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4",
                        ProducerConfig.LINGER_MS_CONFIG,
                        2,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        5_000,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        60_000,
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        maxEventBytes)),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** Completes when every in-sync replica has the event, exceptionally with {@link KafkaException} if not. */
    public CompletableFuture<RecordMetadata> send(E event) {
        ProducerRecord<String, byte[]> record =
                KafkaMessageFactory.createWriter(topic, codec.key(event)).writeBinary(codec.encode(event));
        var acknowledged = new CompletableFuture<RecordMetadata>();
        try {
            producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    acknowledged.complete(metadata);
                } else {
                    acknowledged.completeExceptionally(failure);
                }
            });
        } catch (KafkaException e) {
            acknowledged.completeExceptionally(e);
        }
        return acknowledged;
    }

    @Override
    public void close() {
        producer.close(CLOSE_TIMEOUT);
    }
}
