package dev.sightline.trainer.lifecycle;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** How fast a count has grown over the last minute. One thread at a time. */
final class ProgressRate {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final Duration APART = Duration.ofSeconds(1);

    private record Observed(Instant at, long count) {}

    private final Clock clock;
    private final Deque<Observed> observed = new ArrayDeque<>();

    ProgressRate(Clock clock) {
        this.clock = clock;
    }

    void observe(long count) {
        Instant now = clock.instant();
        if (observed.isEmpty() || !observed.getLast().at().plus(APART).isAfter(now)) {
            observed.add(new Observed(now, count));
        }
        while (observed.getFirst().at().plus(WINDOW).isBefore(now)) {
            observed.removeFirst();
        }
    }

    /** 0 until it has been observed for a second. */
    double perSecond() {
        if (observed.size() < 2) {
            return 0;
        }
        Observed first = observed.getFirst();
        Observed last = observed.getLast();
        double seconds = Duration.between(first.at(), last.at()).toMillis() / 1e3;
        return Math.max(0, (last.count() - first.count()) / seconds);
    }

    /** How long {@code left} more take at this rate; empty while there is none. */
    Optional<Duration> eta(long left) {
        if (left <= 0) {
            return Optional.of(Duration.ZERO);
        }
        double rate = perSecond();
        return rate > 0 ? Optional.of(Duration.ofSeconds((long) Math.ceil(left / rate))) : Optional.empty();
    }
}
