package dev.sightline.events;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Follows {@code model-events}. History is folded before anybody is told of it, so a listener never sees a state that was
 * over when it started. The listener runs on the follower's thread, first when the topic has been replayed, then on every
 * change.
 */
public final class ModelFollower implements AutoCloseable {
    private final Consumer<ModelVersions> listener;
    private final CompactedTopic<ModelStateChanged> modelEvents;
    private volatile ModelVersions current = ModelVersions.NONE;
    private volatile boolean replayed;

    public ModelFollower(KafkaSettings kafka, Topics topics, Consumer<ModelVersions> listener) {
        this.listener = listener;
        this.modelEvents = new CompactedTopic<>(
                kafka, topics.modelEvents(), EventCodecs.MODEL_EVENTS, this::apply, this::replayed);
    }

    public void start() {
        modelEvents.start();
    }

    private void apply(ModelStateChanged event) {
        ModelVersions next = current.with(event);
        boolean changed = next != current;
        current = next;
        if (replayed && changed) {
            listener.accept(next);
        }
    }

    private void replayed() {
        replayed = true;
        listener.accept(current);
    }

    /** What the topic says, as far as it has been read. */
    public ModelVersions current() {
        return current;
    }

    /** Waits until everything that was in the topic at the start has been seen; false if that takes longer. */
    public boolean awaitCaughtUp(Duration timeout) throws InterruptedException {
        return modelEvents.awaitCaughtUp(timeout);
    }

    /** Completes when everything that is in the topic now has been seen, and the listener told. */
    public CompletableFuture<Void> catchUp() {
        return modelEvents.catchUp();
    }

    public boolean isAlive() {
        return modelEvents.isAlive();
    }

    @Override
    public void close() {
        modelEvents.close();
    }
}
