package dev.sightline.trainer.lifecycle;

import dev.sightline.domain.ImageId;
import dev.sightline.events.BackfillRequested;
import dev.sightline.events.ModelStateChanged;
import dev.sightline.index.Deletion;
import dev.sightline.index.IndexedImage;
import dev.sightline.index.VectorIndex;
import dev.sightline.trainer.lifecycle.BackfillProgress.Phase;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Fills one version's collection from the active one, a step at a time, until every live image is in it.
 *
 * <p>Settle → fill → drain → done. The pass over the ids begins only when every worker writes each image it handles to
 * both collections. It teaches the new collection all that the active one knows by then: of live images by a job, of
 * deleted ones by their tombstones. What is older than that can no longer be written there, however late it comes, and
 * what is newer comes by itself. Everything is learnt from the two collections, so a coordinator that starts over only
 * looks again. One thread at a time.
 */
final class Backfill {
    private static final int LISTED = 20;
    private static final int STEPS_BETWEEN_COUNTS = 60;

    private final ModelStateChanged target;
    private final String activeCollection;
    private final String targetCollection;
    private final VectorIndex index;
    private final BackfillQueue queue;
    private final EmbedFleet fleet;
    private final FailedImages failures;
    private final Runnable confirmLeadership;
    private final LifecycleSettings settings;
    private final Set<ImageId> suspects = new LinkedHashSet<>();
    private Phase phase = Phase.SETTLING;
    private CollectionComparison comparison;
    private int pass;
    private boolean tooManySuspects;
    private long failed;
    private int stepsSinceFailuresCounted;
    private List<String> waitingFor = List.of();

    /** @param confirmLeadership throws if another coordinator has taken over */
    Backfill(
            ModelStateChanged active,
            ModelStateChanged target,
            VectorIndex index,
            BackfillQueue queue,
            EmbedFleet fleet,
            FailedImages failures,
            Runnable confirmLeadership,
            LifecycleSettings settings) {
        this.target = target;
        this.activeCollection = active.version().collection(settings.collectionPrefix());
        this.targetCollection = target.version().collection(settings.collectionPrefix());
        this.index = index;
        this.queue = queue;
        this.fleet = fleet;
        this.failures = failures;
        this.confirmLeadership = confirmLeadership;
        this.settings = settings;
        this.comparison = newComparison();
    }

    private CollectionComparison newComparison() {
        return new CollectionComparison(index, activeCollection, targetCollection, settings.pageSize());
    }

    /** What one step led to. */
    enum Outcome {
        /** There is more to do at once. */
        GO_ON,
        /** Nothing to do until workers have done something. */
        WAIT,
        /** Every live image is in the new collection, but for a tolerated number that it cannot hold. */
        COMPLETE
    }

    /** @param tolerant whether any number of images may fail */
    Outcome step(boolean tolerant) {
        return switch (phase) {
            case SETTLING -> settle();
            case FILLING -> fill();
            case DRAINING, STUCK, GUARDING, HELD -> comparison.hasEnded() ? drain(tolerant) : fill();
        };
    }

    private Outcome settle() {
        waitingFor = fleet.notWriting(target);
        if (!waitingFor.isEmpty()) {
            return Outcome.WAIT;
        }
        startPass();
        return Outcome.GO_ON;
    }

    private void startPass() {
        pass++;
        phase = Phase.FILLING;
        comparison = newComparison();
        suspects.clear();
        tooManySuspects = false;
    }

    private Outcome fill() {
        Set<ImageId> gaveUp = failures.of(target).keySet();
        if (gaveUp.size() >= FailedImages.MOST) {
            phase = Phase.STUCK;
            failed = gaveUp.size();
            return Outcome.WAIT;
        }
        if (queue.outstanding() >= settings.maxOutstandingJobs()) {
            return Outcome.WAIT;
        }
        phase = Phase.FILLING;
        CollectionComparison.Difference difference = comparison.next();
        if (!difference.deleted().isEmpty()) {
            index.delete(targetCollection, difference.deleted());
        }
        remove(difference.surplus());
        List<ImageId> missing =
                difference.missing().stream().filter(id -> !gaveUp.contains(id)).toList();
        request(missing);
        suspect(missing);
        if (comparison.hasEnded()) {
            phase = Phase.DRAINING;
        }
        return Outcome.GO_ON;
    }

    private void suspect(List<ImageId> missing) {
        if (suspects.size() + missing.size() > settings.maxOutstandingJobs()) {
            tooManySuspects = true;
        } else {
            suspects.addAll(missing);
        }
    }

    /** When all jobs are done, what was missing is looked at again; what then is still missing is asked for again. */
    private Outcome drain(boolean tolerant) {
        if (queue.outstanding() > 0) {
            return Outcome.WAIT;
        }
        if (tooManySuspects) {
            startPass();
            return Outcome.GO_ON;
        }
        Set<ImageId> gaveUp = failures.of(target).keySet();
        List<ImageId> missing = stillMissing(suspects).stream()
                .filter(id -> !gaveUp.contains(id))
                .toList();
        suspects.clear();
        suspects.addAll(missing);
        if (!missing.isEmpty()) {
            pages(missing).forEach(this::request);
            return Outcome.WAIT;
        }
        waitingFor = fleet.notWriting(target);
        return waitingFor.isEmpty() ? judgeFailures(tolerant) : Outcome.WAIT;
    }

    private Outcome judgeFailures(boolean tolerant) {
        if (phase != Phase.STUCK || ++stepsSinceFailuresCounted >= STEPS_BETWEEN_COUNTS) {
            failed = stillMissing(failures.of(target).keySet()).size();
            stepsSinceFailuresCounted = 0;
        }
        phase = failed > tolerated() ? Phase.STUCK : Phase.DRAINING;
        return phase == Phase.STUCK && !tolerant ? Outcome.WAIT : Outcome.COMPLETE;
    }

    private long tolerated() {
        return (long) (settings.failureTolerance() * index.count(activeCollection));
    }

    private List<ImageId> stillMissing(Collection<ImageId> ids) {
        List<ImageId> missing = new ArrayList<>();
        for (List<ImageId> some : pages(ids)) {
            Map<ImageId, IndexedImage> there = index.fetch(targetCollection, some);
            for (IndexedImage live : index.fetch(activeCollection, some).values()) {
                IndexedImage found = there.get(live.id());
                if (found == null || found.ordering() < live.ordering()) {
                    missing.add(live.id());
                }
            }
        }
        return missing;
    }

    private void request(List<ImageId> ids) {
        if (ids.isEmpty()) {
            return;
        }
        queue.request(index.fetch(activeCollection, ids).values().stream()
                .map(image -> new BackfillRequested(
                        image.id(), image.contentHash(), target.version(), image.ordering(), image.metadata()))
                .toList());
    }

    /**
     * Removes what is no longer live. Workers write to the active collection first, so an image found in the new one and
     * then not in the active one was deleted. The tombstone is one newer than the entry: newer than any late job with the
     * entry's ordering, and not newer than any later event of the image. That holds as long as nobody has moved searches,
     * and with them the order of writes, before both collections were read.
     */
    private void remove(List<ImageId> surplus) {
        if (surplus.isEmpty()) {
            return;
        }
        Map<ImageId, IndexedImage> there = index.fetch(targetCollection, surplus);
        Set<ImageId> live = new HashSet<>(index.fetch(activeCollection, surplus).keySet());
        List<Deletion> deletions = there.values().stream()
                .filter(image -> !live.contains(image.id()))
                .map(image -> new Deletion(image.id(), image.ordering() + 1))
                .toList();
        if (!deletions.isEmpty()) {
            confirmLeadership.run();
            index.delete(targetCollection, deletions);
        }
    }

    private List<List<ImageId>> pages(Collection<ImageId> ids) {
        List<ImageId> all = List.copyOf(ids);
        List<List<ImageId>> pages = new ArrayList<>();
        for (int from = 0; from < all.size(); from += settings.pageSize()) {
            pages.add(all.subList(from, Math.min(all.size(), from + settings.pageSize())));
        }
        return pages;
    }

    /** Whether it fills from this version, for this one. */
    boolean isFor(ModelStateChanged active, ModelStateChanged next) {
        return active.version().collection(settings.collectionPrefix()).equals(activeCollection)
                && next.version().equals(target.version())
                && next.changedAt().equals(target.changedAt());
    }

    /** How far it is; asks the index and the queue. */
    BackfillProgress progress(ProgressRate rate) {
        long done = index.count(targetCollection);
        long total = index.count(activeCollection);
        rate.observe(done);
        Map<ImageId, String> stuck = new LinkedHashMap<>(fleet.retrying());
        suspects.stream().limit(LISTED).forEach(id -> stuck.putIfAbsent(id, "a job was sent and is not done yet"));
        Map<ImageId, String> gaveUp = new LinkedHashMap<>();
        failures.of(target).values().stream()
                .limit(LISTED)
                .forEach(failure -> gaveUp.put(failure.id(), failure.reason() + ": " + failure.detail()));
        return new BackfillProgress(
                target.version(),
                phase,
                done,
                total,
                rate.perSecond(),
                rate.eta(total - done),
                queue.outstanding(),
                pass,
                waitingFor,
                stuck,
                failures.of(target).size(),
                tolerated(),
                gaveUp);
    }
}
