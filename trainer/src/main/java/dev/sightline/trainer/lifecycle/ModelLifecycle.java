package dev.sightline.trainer.lifecycle;

import dev.sightline.domain.ModelState;
import dev.sightline.domain.ModelVersion;
import dev.sightline.events.ModelStateChanged;
import dev.sightline.events.ModelVersions;
import dev.sightline.index.VectorIndex;
import dev.sightline.trainer.lifecycle.BackfillProgress.Phase;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The way of every version through its states, one small step at a time: CANDIDATE → BACKFILLING → ACTIVE → RETIRED, or
 * REJECTED. Every step may be the last one of its process: whoever goes on from the log and the collections does the right
 * thing. Commands and steps take turns, so each sees the other's whole effect. Thread-safe.
 */
final class ModelLifecycle {
    private static final Duration TIDY_EVERY = Duration.ofSeconds(5);
    private static final String ALIAS = "_active";

    private final LifecycleSettings settings;
    private final ModelLog log;
    private final VectorIndex index;
    private final BackfillQueue queue;
    private final EmbedFleet fleet;
    private final FailedImages failures;
    private final GuardRun guard;
    private final Clock clock;
    private Optional<Backfill> backfill = Optional.empty();
    private ProgressRate rate;
    private Instant nextTidy = Instant.MIN;

    ModelLifecycle(
            LifecycleSettings settings,
            ModelLog log,
            VectorIndex index,
            BackfillQueue queue,
            EmbedFleet fleet,
            FailedImages failures,
            GuardRun guard,
            Clock clock) {
        this.settings = settings;
        this.log = log;
        this.index = index;
        this.queue = queue;
        this.fleet = fleet;
        this.failures = failures;
        this.guard = guard;
        this.clock = clock;
        this.rate = new ProgressRate(clock);
    }

    /** Does what is next; true if there is more to do at once. */
    synchronized boolean step() {
        retireReplaced();
        closeWindows();
        tidy();
        return advanceBackfill();
    }

    /** Takes note of a trained version; nothing happens if it is known. */
    synchronized void register(ModelVersion version, URI bundle, int dimension, String reason) {
        if (log.current().find(version).isEmpty()) {
            log.announce(List.of(
                    new ModelStateChanged(version, ModelState.CANDIDATE, bundle, dimension, reason, clock.instant())));
        }
    }

    /**
     * Brings a version into service. The first is active at once, and so is one that is still kept up to date; any other
     * has every image embedded first.
     *
     * @param force neither the cutover guard nor failed images hold it
     * @throws RefusedTransitionException if it is unknown or active, or if another version is on its way
     */
    synchronized void promote(ModelVersion version, String reason, boolean force) {
        ModelVersions versions = log.current();
        ModelStateChanged event = known(versions, version);
        Optional<ModelStateChanged> active = versions.active();
        if (event.state() == ModelState.ACTIVE) {
            throw new RefusedTransitionException(version + " is active already");
        }
        if (isOpen(event)) {
            activate(event, reason);
            return;
        }
        if (event.state() == ModelState.BACKFILLING) {
            guard.forget();
            log.announce(List.of(
                    event.to(ModelState.BACKFILLING, reason, clock.instant()).unguarded(force)));
            return;
        }
        versions.backfilling().ifPresent(other -> {
            throw new RefusedTransitionException(
                    other.version() + " is being backfilled; wait until it is active, or reject it");
        });
        emptyCollection(event);
        if (active.isEmpty()) {
            activate(event, "first version");
        } else {
            log.announce(List.of(
                    event.to(ModelState.BACKFILLING, reason, clock.instant()).unguarded(force)));
        }
    }

    /**
     * Moves searches back to the version before, which has been kept up to date.
     *
     * @return the version that is active now
     * @throws RefusedTransitionException if there is none, or its window is over
     */
    synchronized ModelVersion rollback() {
        ModelVersions versions = log.current();
        ModelStateChanged standby = versions.standby()
                .orElseThrow(() -> new RefusedTransitionException("there is nothing to roll back to: "
                        + versions.active()
                                .map(active -> "no version before " + active.version()
                                        + " is kept up to date; promote one, which embeds everything again")
                                .orElse("no version is active")));
        if (!isOpen(standby)) {
            throw new RefusedTransitionException("the window to roll back to " + standby.version() + " ended at "
                    + standby.rollbackUntil().orElseThrow() + "; promote it, which embeds everything again");
        }
        activate(standby, "rolled back");
        return standby.version();
    }

    /**
     * Gives a version up: it takes no more writes, and its collection goes.
     *
     * @throws RefusedTransitionException if it is unknown or active
     */
    synchronized void reject(ModelVersion version, String reason) {
        ModelStateChanged event = known(log.current(), version);
        if (event.state() == ModelState.ACTIVE) {
            throw new RefusedTransitionException(
                    version + " is active; roll back, or promote another version, before it is rejected");
        }
        if (event.state() == ModelState.RETIRED) {
            log.announce(List.of(event.closed(reason, clock.instant())));
        } else if (event.state() != ModelState.REJECTED) {
            log.announce(List.of(event.to(ModelState.REJECTED, reason, clock.instant())));
        }
    }

    /** What an earlier life of the version left behind must not be found again. */
    private void emptyCollection(ModelStateChanged event) {
        confirm(event);
        index.drop(collection(event));
        index.createCollection(collection(event), event.dimension());
    }

    /** Says the same again: whoever has been replaced as the coordinator fails here, before it destroys anything. */
    private void confirm(ModelStateChanged event) {
        log.announce(List.of(event));
    }

    private static ModelStateChanged known(ModelVersions versions, ModelVersion version) {
        return versions.find(version)
                .orElseThrow(() -> new RefusedTransitionException("no version '" + version + "' is known; there are "
                        + versions.all().stream()
                                .map(ModelStateChanged::version)
                                .toList()));
    }

    /** Both sides of the switch in one write: searches move, and the version before is kept up to date for a while. */
    private void activate(ModelStateChanged next, String reason) {
        Instant now = clock.instant();
        List<ModelStateChanged> events = new ArrayList<>();
        events.add(next.to(ModelState.ACTIVE, reason, now));
        log.current()
                .active()
                .filter(active -> !active.version().equals(next.version()))
                .ifPresent(active -> events.add(active.standby(
                        now.plus(settings.rollbackWindow()), "replaced by " + next.version() + ": " + reason, now)));
        log.announce(events);
        index.alias(settings.collectionPrefix() + ALIAS, collection(next));
    }

    /** Two are active only where a log was written by hand: searches run on the last. */
    private void retireReplaced() {
        ModelVersions versions = log.current();
        Instant now = clock.instant();
        List<ModelStateChanged> replaced = versions.all().stream()
                .filter(event -> event.state() == ModelState.ACTIVE)
                .filter(event -> versions.active().filter(event::equals).isEmpty())
                .map(event -> event.standby(now.plus(settings.rollbackWindow()), "replaced", now))
                .toList();
        if (!replaced.isEmpty()) {
            log.announce(replaced);
        }
    }

    /** Only the version replaced last can be gone back to, and only for so long. */
    private void closeWindows() {
        ModelVersions versions = log.current();
        Instant now = clock.instant();
        List<ModelStateChanged> closed = versions.all().stream()
                .filter(event -> event.rollbackUntil().isPresent())
                .filter(event -> !isOpen(event)
                        || !versions.standby().filter(event::equals).isPresent())
                .map(event -> event.closed("the rollback window is over", now))
                .toList();
        if (!closed.isEmpty()) {
            log.announce(closed);
        }
    }

    private boolean isOpen(ModelStateChanged event) {
        return event.rollbackUntil()
                .filter(until -> until.isAfter(clock.instant()))
                .isPresent();
    }

    /** Drops the collections of versions that are over, and points the alias where searches run. */
    private void tidy() {
        Instant now = clock.instant();
        if (now.isBefore(nextTidy)) {
            return;
        }
        Set<String> collections = Set.copyOf(index.collections());
        for (ModelStateChanged event : log.current().all()) {
            boolean over = !event.takesWrites() && event.state() != ModelState.CANDIDATE;
            if (over
                    && collections.contains(collection(event))
                    && !event.changedAt().plus(settings.dropGrace()).isAfter(now)) {
                confirm(event);
                index.drop(collection(event));
            }
        }
        log.current()
                .active()
                .map(this::collection)
                .filter(collections::contains)
                .ifPresent(collection -> {
                    String alias = settings.collectionPrefix() + ALIAS;
                    if (!index.resolveAlias(alias).equals(Optional.of(collection))) {
                        index.alias(alias, collection);
                    }
                });
        nextTidy = now.plus(TIDY_EVERY);
    }

    private boolean advanceBackfill() {
        Optional<ModelStateChanged> active = log.current().active();
        Optional<ModelStateChanged> target = log.current().backfilling();
        if (active.isEmpty() || target.isEmpty()) {
            backfill = Optional.empty();
            guard.forget();
            return false;
        }
        ModelStateChanged next = target.get();
        if (backfill.filter(running -> running.isFor(active.get(), next)).isEmpty()) {
            index.createCollection(collection(next), next.dimension());
            rate = new ProgressRate(clock);
            backfill = Optional.of(
                    new Backfill(active.get(), next, index, queue, fleet, failures, () -> confirm(next), settings));
            guard.forget();
        }
        return switch (backfill.get().step(next.unguarded())) {
            case GO_ON -> true;
            case WAIT -> false;
            case COMPLETE -> {
                cutOver(active.get(), next);
                yield false;
            }
        };
    }

    private void cutOver(ModelStateChanged active, ModelStateChanged next) {
        if (next.unguarded()) {
            activate(next, next.reason() + "; backfill complete, guard waived");
            return;
        }
        switch (guard.judge(active, next)) {
            case GuardRun.Verdict.Pending pending -> {}
            case GuardRun.Verdict.Passed(var why) -> activate(next, next.reason() + "; backfill complete; " + why);
            case GuardRun.Verdict.Held(var why) -> {
                if (!next.reason().equals(why)) {
                    log.announce(List.of(next.to(ModelState.BACKFILLING, why, clock.instant())));
                }
            }
        }
    }

    /** How far the running backfill is; empty while there is none. Asks the index. */
    synchronized Optional<BackfillProgress> progress() {
        return backfill.map(running -> running.progress(rate)).map(progress -> switch (guard.state()) {
            case PENDING -> progress.at(Phase.GUARDING);
            case HELD -> progress.at(Phase.HELD);
            case IDLE -> progress;
        });
    }

    ModelVersions versions() {
        return log.current();
    }

    private String collection(ModelStateChanged event) {
        return event.version().collection(settings.collectionPrefix());
    }
}
