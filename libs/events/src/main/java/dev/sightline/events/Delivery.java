package dev.sightline.events;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.RetryPolicy;
import dev.failsafe.RetryPolicyBuilder;
import dev.sightline.events.RefusedEventException.Reason;
import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one record after the other to a handler: again, with growing delays, where that may help, and to the dead letters
 * where it never will. Thread-safe.
 */
final class Delivery<E> {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private final String topic;
    private final EventCodec<E> codec;
    private final ConsumerSettings settings;
    private final EventHandler<E> handler;
    private final DeadLetters deadLetters;
    private final BooleanSupplier ending;
    private final MeterRegistry meters;
    private final Counter handled;
    private final Counter retried;
    private final FailsafeExecutor<Void> attempts;

    /**
     * @param handlers runs the handler; closed by whoever opened it, as are {@code deadLetters}
     * @param ending whether a handler that fails unexpectedly may do so because things are closing: then its event is not
     *     buried
     */
    Delivery(
            String topic,
            EventCodec<E> codec,
            ConsumerSettings settings,
            EventHandler<E> handler,
            DeadLetters deadLetters,
            ExecutorService handlers,
            BooleanSupplier ending,
            MeterRegistry meters) {
        this.topic = topic;
        this.codec = codec;
        this.settings = settings;
        this.handler = handler;
        this.deadLetters = deadLetters;
        this.ending = ending;
        this.meters = meters;
        this.handled = meters.counter("sightline.consumer.handled", tags(topic, settings));
        this.retried = meters.counter("sightline.consumer.retried", tags(topic, settings));
        this.attempts = Failsafe.with(patiently(), aFewTimes()).with(handlers);
    }

    static Tags tags(String topic, ConsumerSettings settings) {
        return Tags.of("topic", topic, "group", settings.groupId());
    }

    /** Completes when the event is handled or among the dead letters; fails if it has to be delivered again. */
    CompletableFuture<Void> deliver(ConsumerRecord<byte[], byte[]> record) {
        return attempts.getStageAsync(() -> handle(record))
                .exceptionallyCompose(failure -> bury(record, root(failure)))
                .thenRun(handled::increment);
    }

    private RetryPolicy<Void> patiently() {
        return backingOff()
                .handleIf(failure -> root(failure) instanceof RetryableException)
                .withMaxAttempts(-1)
                .onRetry(event -> {
                    retried.increment();
                    LOG.debug("retrying an event of {}", topic, event.getLastException());
                })
                .build();
    }

    private RetryPolicy<Void> aFewTimes() {
        return backingOff()
                .handleIf(failure -> !(root(failure) instanceof RetryableException)
                        && !(root(failure) instanceof RefusedEventException))
                .withMaxAttempts(settings.bugAttempts())
                .onRetry(event -> retried.increment())
                .build();
    }

    private RetryPolicyBuilder<Void> backingOff() {
        return RetryPolicy.<Void>builder()
                .withBackoff(settings.retryDelay(), settings.maxRetryDelay())
                .withJitter(0.2);
    }

    private CompletableFuture<Void> handle(ConsumerRecord<byte[], byte[]> record) {
        E event = codec.decode(read(record));
        return handler.handle(new Received<>(
                        event, record.offset(), record.partition(), Instant.ofEpochMilli(record.timestamp())))
                .toCompletableFuture();
    }

    private static CloudEvent read(ConsumerRecord<byte[], byte[]> record) {
        try {
            return KafkaMessageFactory.createReader(record).toEvent();
        } catch (RuntimeException e) {
            throw new RefusedEventException(Reason.MALFORMED, "the record is no CloudEvent 1.0: " + e.getMessage(), e);
        }
    }

    private CompletableFuture<Void> bury(ConsumerRecord<byte[], byte[]> record, Throwable failure) {
        if (ending.getAsBoolean() && !(failure instanceof RefusedEventException)) {
            return CompletableFuture.failedFuture(failure);
        }
        RefusedEventException why = failure instanceof RefusedEventException refused
                ? refused
                : new RefusedEventException(Reason.BUG, "handling failed unexpectedly: " + failure, failure);
        LOG.warn(
                "{}-{}@{} goes to the dead letters: {} {}",
                record.topic(),
                record.partition(),
                record.offset(),
                why.reason(),
                why.getMessage());
        meters.counter(
                        "sightline.consumer.dead.letters",
                        tags(topic, settings).and("reason", why.reason().name()))
                .increment();
        return attempts.getStageAsync(() -> deadLetters.send(record, why));
    }

    private static Throwable root(Throwable failure) {
        Throwable cause = failure.getCause();
        return (failure instanceof CompletionException || failure instanceof FailsafeException) && cause != null
                ? root(cause)
                : failure;
    }
}
