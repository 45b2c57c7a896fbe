package dev.sightline.trainer.lifecycle;

import dev.sightline.domain.ModelState;
import dev.sightline.events.ModelVersions;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Gauges of versions and backfill; a backfill's are 0 while there is none. */
final class LifecycleMetrics {
    private final Map<ModelState, AtomicLong> versions = new EnumMap<>(ModelState.class);
    private final AtomicLong generation;
    private final AtomicLong acting;
    private final AtomicLong done;
    private final AtomicLong total;
    private final AtomicLong perSecond;
    private final AtomicLong etaSeconds;
    private final AtomicLong outstanding;
    private final AtomicLong failed;
    private final AtomicLong held;

    LifecycleMetrics(MeterRegistry meters) {
        for (ModelState state : ModelState.values()) {
            versions.put(state, gauge(meters, "sightline.models", Tags.of("state", state.name())));
        }
        generation = gauge(meters, "sightline.model.generation", Tags.empty());
        acting = gauge(meters, "sightline.model.coordinator.acting", Tags.empty());
        done = gauge(meters, "sightline.backfill.done", Tags.empty());
        total = gauge(meters, "sightline.backfill.total", Tags.empty());
        perSecond = gauge(meters, "sightline.backfill.per.second", Tags.empty());
        etaSeconds = gauge(meters, "sightline.backfill.eta.seconds", Tags.empty());
        outstanding = gauge(meters, "sightline.backfill.outstanding", Tags.empty());
        failed = gauge(meters, "sightline.backfill.failed", Tags.empty());
        held = gauge(meters, "sightline.backfill.held", Tags.empty());
    }

    @SuppressWarnings("NullAway") // the number given is the number returned
    private static AtomicLong gauge(MeterRegistry meters, String name, Tags tags) {
        return meters.gauge(name, tags, new AtomicLong());
    }

    void observe(ModelVersions known, boolean isActing, Optional<BackfillProgress> progress) {
        versions.forEach((state, count) -> count.set(
                known.all().stream().filter(event -> event.state() == state).count()));
        generation.set(known.generation());
        acting.set(isActing ? 1 : 0);
        done.set(progress.map(BackfillProgress::done).orElse(0L));
        total.set(progress.map(BackfillProgress::total).orElse(0L));
        perSecond.set(progress.map(now -> Math.round(now.perSecond())).orElse(0L));
        etaSeconds.set(
                progress.flatMap(now -> now.eta().map(eta -> eta.toSeconds())).orElse(0L));
        outstanding.set(progress.map(BackfillProgress::outstanding).orElse(0L));
        failed.set(progress.map(BackfillProgress::failed).orElse(0L));
        held.set(progress.filter(BackfillProgress::isHeld).isPresent() ? 1 : 0);
    }
}
