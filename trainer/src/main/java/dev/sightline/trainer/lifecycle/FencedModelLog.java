package dev.sightline.trainer.lifecycle;

import dev.sightline.events.EventCodecs;
import dev.sightline.events.FencedProducer;
import dev.sightline.events.KafkaSettings;
import dev.sightline.events.ModelFollower;
import dev.sightline.events.ModelStateChanged;
import dev.sightline.events.ModelVersions;
import dev.sightline.events.RetryableException;
import dev.sightline.events.Topics;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * {@code model-events} as its one writer sees it. Taking over fences all writers before, and only then is the topic read to
 * its end: nobody else can add to it after that, so what this writer knows is the truth as long as its writes succeed.
 */
final class FencedModelLog implements ModelLog, AutoCloseable {
    private static final String TRANSACTIONAL_ID = "sightline-model-coordinator";
    private static final int CATCH_UP_SECONDS = 30;

    private final FencedProducer<ModelStateChanged> producer;
    private final long generation;
    private volatile ModelVersions versions;

    private FencedModelLog(FencedProducer<ModelStateChanged> producer, ModelVersions versions) {
        this.producer = producer;
        this.versions = versions;
        this.generation = versions.generation() + 1;
    }

    /** @throws RetryableException if Kafka does not answer */
    static FencedModelLog takeOver(KafkaSettings kafka, Topics topics, ModelFollower follower) {
        FencedProducer<ModelStateChanged> producer = FencedProducer.takeOver(
                kafka, topics.modelEvents(), EventCodecs.MODEL_EVENTS, topics.prefix() + TRANSACTIONAL_ID);
        try {
            follower.catchUp().get(CATCH_UP_SECONDS, TimeUnit.SECONDS);
            return new FencedModelLog(producer, follower.current());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            producer.close();
            throw new RetryableException("interrupted while reading model-events", e);
        } catch (ExecutionException | TimeoutException e) {
            producer.close();
            throw new RetryableException("model-events cannot be read to its end", e);
        }
    }

    long generation() {
        return generation;
    }

    @Override
    public ModelVersions current() {
        return versions;
    }

    @Override
    public void announce(List<ModelStateChanged> events) {
        List<ModelStateChanged> own =
                events.stream().map(event -> event.by(generation)).toList();
        producer.send(own);
        ModelVersions next = versions;
        for (ModelStateChanged event : own) {
            next = next.with(event);
        }
        versions = next;
    }

    @Override
    public void close() {
        producer.close();
    }
}
