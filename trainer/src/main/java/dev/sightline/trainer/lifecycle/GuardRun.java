package dev.sightline.trainer.lifecycle;

import dev.sightline.events.ModelStateChanged;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Runs the cutover guard beside the coordinator, so that a rollback never waits for it, and remembers a no for a while. One
 * thread at a time.
 */
final class GuardRun {
    private static final Duration LOOK_AGAIN_AFTER = Duration.ofMinutes(10);

    private final CutoverGuard guard;
    private final Executor executor;
    private final Clock clock;
    private Optional<CompletableFuture<CutoverGuard.Verdict>> running = Optional.empty();
    private Instant lookAgain = Instant.MAX;

    GuardRun(CutoverGuard guard, Executor executor, Clock clock) {
        this.guard = guard;
        this.executor = executor;
        this.clock = clock;
    }

    /** What the guard says, if it has said it. */
    sealed interface Verdict {
        /** Ask again. */
        record Pending() implements Verdict {}

        /** Go over. @param why for people */
        record Passed(String why) implements Verdict {}

        /** Do not. @param why for people, with the way out */
        record Held(String why) implements Verdict {}
    }

    /** Where the run is. */
    enum State {
        IDLE,
        PENDING,
        HELD
    }

    /** Starts the guard if it does not run, and tells what it said. */
    Verdict judge(ModelStateChanged active, ModelStateChanged next) {
        if (running.isEmpty() || !clock.instant().isBefore(lookAgain)) {
            running = Optional.of(CompletableFuture.supplyAsync(() -> guard.judge(active, next), executor));
            lookAgain = Instant.MAX;
        }
        CompletableFuture<CutoverGuard.Verdict> run = running.get();
        if (!run.isDone()) {
            return new Verdict.Pending();
        }
        if (run.isCompletedExceptionally()) {
            lookAgainLater();
            return new Verdict.Held("the cutover guard could not run: "
                    + run.exceptionNow().getMessage() + "; it tries again, or promote with force");
        }
        if (run.resultNow().passed()) {
            return new Verdict.Passed(run.resultNow().why());
        }
        lookAgainLater();
        return new Verdict.Held(run.resultNow().why());
    }

    private void lookAgainLater() {
        if (lookAgain.equals(Instant.MAX)) {
            lookAgain = clock.instant().plus(LOOK_AGAIN_AFTER);
        }
    }

    /** The next question is a new one. */
    void forget() {
        running = Optional.empty();
        lookAgain = Instant.MAX;
    }

    State state() {
        return running.map(run -> !run.isDone()
                                || (!run.isCompletedExceptionally()
                                        && run.resultNow().passed())
                        ? State.PENDING
                        : State.HELD)
                .orElse(State.IDLE);
    }
}
