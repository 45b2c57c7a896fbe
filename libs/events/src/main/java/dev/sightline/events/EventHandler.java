package dev.sightline.events;

import java.util.concurrent.CompletionStage;

/** What a service does with one event. */
@FunctionalInterface
public interface EventHandler<E> {
    /**
     * Handles an event; called on a virtual thread of its own, so it may block. When the stage completes the event is
     * done and may be committed. A failure with {@link RetryableException} is tried again, with
     * {@link RefusedEventException} goes to the dead letters, with anything else is tried a few times and then goes to
     * the dead letters as a bug. An event may be handled twice, and two events of one key at the same time:
     * {@link Received#ordering} tells which is newer.
     */
    CompletionStage<Void> handle(Received<E> received);
}
