package dev.sightline.events;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The dead-letter topic of one topic: each record as it came, with headers that say why it is here and where it was.
 */
public final class DeadLetters implements AutoCloseable {
    public static final String REASON = "sightline-reason";
    public static final String MESSAGE = "sightline-message";
    public static final String STACK = "sightline-stack";
    public static final String TOPIC = "sightline-topic";
    public static final String PARTITION = "sightline-partition";
    public static final String OFFSET = "sightline-offset";
    private static final int MAX_STACK_LENGTH = 8_000;

    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;

    DeadLetters(KafkaSettings kafka, String origin) {
        this.topic = Topics.deadLetters(origin);
        this.producer = new KafkaProducer<>(
                kafka.with(Map.of(
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4",
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        5_000,
                        // The poison was within the topic's limit; its headers come on top.
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        Topics.DEFAULT.maxEventBytes() + 64 * 1024)),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    CompletableFuture<Void> send(ConsumerRecord<byte[], byte[]> poison, RefusedEventException why) {
        var letter = new ProducerRecord<>(topic, null, poison.key(), poison.value(), poison.headers());
        Headers headers = letter.headers();
        header(headers, REASON, why.reason().name());
        header(headers, MESSAGE, String.valueOf(why.getMessage()));
        header(headers, STACK, stack(why));
        header(headers, TOPIC, poison.topic());
        header(headers, PARTITION, Integer.toString(poison.partition()));
        header(headers, OFFSET, Long.toString(poison.offset()));
        var sent = new CompletableFuture<Void>();
        try {
            producer.send(letter, (metadata, failure) -> {
                if (failure == null) {
                    sent.complete(null);
                } else {
                    sent.completeExceptionally(new RetryableException("cannot write to " + topic, failure));
                }
            });
        } catch (KafkaException e) {
            sent.completeExceptionally(new RetryableException("cannot write to " + topic, e));
        }
        return sent;
    }

    private static void header(Headers headers, String name, String value) {
        headers.remove(name).add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static String stack(Throwable failure) {
        var text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString().substring(0, Math.min(text.toString().length(), MAX_STACK_LENGTH));
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(10));
    }
}
