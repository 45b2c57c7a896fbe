package dev.sightline.events;

import io.cloudevents.kafka.KafkaMessageFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The only producer of a topic: whoever takes over last under a transactional id is the one whose events are taken, and
 * the broker refuses those of all before it (KIP-98). The events of one {@link #send} become visible together or not at
 * all. One thread at a time. After a failure it is of no more use: close it, and take over anew.
 */
public final class FencedProducer<E> implements AutoCloseable {
    private static final int TRANSACTION_TIMEOUT_MILLIS = 15_000;

    private final String topic;
    private final EventCodec<E> codec;
    private final KafkaProducer<String, byte[]> producer;

    private FencedProducer(String topic, EventCodec<E> codec, KafkaProducer<String, byte[]> producer) {
        this.topic = topic;
        this.codec = codec;
        this.producer = producer;
    }

    /** Another producer has taken over. */
    public static final class FencedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public FencedException(String topic, Throwable cause) {
            super("another producer has taken over " + topic, cause);
        }
    }

    /**
     * Fences every producer before this one; what they had not committed is gone.
     *
     * @throws RetryableException if Kafka does not answer
     */
    public static <E> FencedProducer<E> takeOver(
            KafkaSettings kafka, String topic, EventCodec<E> codec, String transactionalId) {
        var producer = new KafkaProducer<>(
                kafka.with(Map.of(
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        transactionalId,
                        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                        TRANSACTION_TIMEOUT_MILLIS,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        TRANSACTION_TIMEOUT_MILLIS)),
                new StringSerializer(),
                new ByteArraySerializer());
        try {
            producer.initTransactions();
        } catch (KafkaException e) {
            producer.close(Duration.ZERO);
            throw new RetryableException("cannot take over " + topic, e);
        }
        return new FencedProducer<>(topic, codec, producer);
    }

    /**
     * Publishes all of {@code events}, in order, or none; they are durable when it returns.
     *
     * @throws FencedException if another producer has taken over; none of them is published
     * @throws RetryableException if Kafka does not answer; whether they are published is unknown
     */
    public void send(List<E> events) {
        try {
            producer.beginTransaction();
            List<Future<RecordMetadata>> sends = new ArrayList<>();
            for (E event : events) {
                sends.add(producer.send(KafkaMessageFactory.createWriter(topic, codec.key(event))
                        .writeBinary(codec.encode(event))));
            }
            for (Future<RecordMetadata> send : sends) {
                send.get();
            }
            producer.commitTransaction();
        } catch (InterruptException e) {
            throw new RetryableException("interrupted while writing to " + topic, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RetryableException("interrupted while writing to " + topic, e);
        } catch (ExecutionException | KafkaException e) {
            throw isFenced(e) ? new FencedException(topic, e) : new RetryableException("cannot write to " + topic, e);
        }
    }

    private static boolean isFenced(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProducerFencedException || cause instanceof InvalidProducerEpochException) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
