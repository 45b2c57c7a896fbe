package dev.sightline.trainer.lifecycle;

import dev.sightline.domain.ImageId;
import dev.sightline.domain.ModelState;
import dev.sightline.domain.ModelVersion;
import dev.sightline.events.BackfillRequested;
import dev.sightline.events.CompactedTopic;
import dev.sightline.events.EventCodecs;
import dev.sightline.events.EventProducer;
import dev.sightline.events.KafkaSettings;
import dev.sightline.events.ModelStateChanged;
import dev.sightline.events.Topics;
import dev.sightline.index.IndexedImage;
import dev.sightline.index.VectorIndex;
import dev.sightline.towers.ModelManifest;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * Publishes versions and re-embeds the corpus for a new one: BACKFILLING → jobs until no id of the active collection is
 * missing → ACTIVE. One caller at a time.
 */
public final class ModelLifecycle implements AutoCloseable {
    private static final int PAGE = 500;
    private static final Duration RECONCILE_EVERY = Duration.ofMillis(500);
    private static final Duration RESEND_AFTER = Duration.ofMinutes(2);
    private static final Duration REPLAY = Duration.ofSeconds(30);

    private final VectorIndex index;
    private final String collectionPrefix;
    private final Map<ModelVersion, ModelStateChanged> versions = new ConcurrentHashMap<>();
    private final CompactedTopic<ModelStateChanged> modelEvents;
    private final EventProducer<ModelStateChanged> announce;
    private final EventProducer<BackfillRequested> jobs;

    public ModelLifecycle(KafkaSettings kafka, Topics topics, VectorIndex index, String collectionPrefix) {
        this.index = index;
        this.collectionPrefix = collectionPrefix;
        this.modelEvents = new CompactedTopic<>(
                kafka, topics.modelEvents(), EventCodecs.MODEL_EVENTS, event -> versions.put(event.version(), event));
        this.announce = new EventProducer<>(kafka, topics.modelEvents(), EventCodecs.MODEL_EVENTS);
        this.jobs = new EventProducer<>(kafka, topics.backfillJobs(), EventCodecs.BACKFILL_JOBS);
    }

    /** @throws IllegalStateException if {@code model-events} cannot be replayed in time */
    public void start() throws InterruptedException {
        modelEvents.start();
        if (!modelEvents.awaitCaughtUp(REPLAY)) {
            throw new IllegalStateException("model-events could not be read within " + REPLAY + "; is Kafka up?");
        }
    }

    /** Every version ever announced, oldest first. */
    public List<ModelStateChanged> versions() {
        return versions.values().stream()
                .sorted(Comparator.comparing(ModelStateChanged::version))
                .toList();
    }

    /** The version searches run on. */
    public Optional<ModelStateChanged> active() {
        return versions.values().stream()
                .filter(event -> event.state() == ModelState.ACTIVE)
                .max(Comparator.comparing(ModelStateChanged::changedAt));
    }

    /**
     * Brings a registered version into service. The first is active at once; a later one first has every image of the
     * active collection in its own.
     *
     * @param progress told how many images the new collection holds, and of how many
     */
    public void publish(ModelManifest manifest, URI bundle, BiConsumer<Long, Long> progress)
            throws InterruptedException {
        var candidate = new ModelStateChanged(
                manifest.version(),
                ModelState.CANDIDATE,
                bundle,
                manifest.towers().embeddingDimension(),
                "registered",
                Instant.now());
        Optional<ModelStateChanged> before = active();
        if (before.isPresent()) {
            announce(candidate.to(ModelState.BACKFILLING, "re-embedding everything"));
            backfill(collection(before.get()), candidate, progress);
        }
        announce(candidate.to(ModelState.ACTIVE, before.isPresent() ? "backfill complete" : "first version"));
        before.ifPresent(old -> announce(old.to(ModelState.RETIRED, "replaced by " + manifest.version())));
    }

    private void backfill(String from, ModelStateChanged to, BiConsumer<Long, Long> progress)
            throws InterruptedException {
        String target = collection(to);
        index.createCollection(target, to.dimension());
        List<ImageId> missing = request(from, target, to.version());
        Instant sent = Instant.now();
        while (!missing.isEmpty()) {
            progress.accept(index.count(target), index.count(from));
            Thread.sleep(RECONCILE_EVERY);
            missing = missing(from, target);
            if (!missing.isEmpty() && sent.plus(RESEND_AFTER).isBefore(Instant.now())) {
                missing = request(from, target, to.version());
                sent = Instant.now();
            }
        }
        progress.accept(index.count(target), index.count(from));
    }

    /** Sends a job for every id that is missing; returns those. */
    private List<ImageId> request(String from, String target, ModelVersion version) {
        List<ImageId> missing = missing(from, target);
        for (int start = 0; start < missing.size(); start += PAGE) {
            Collection<IndexedImage> page = index.fetch(
                            from, missing.subList(start, Math.min(start + PAGE, missing.size())))
                    .values();
            List<CompletableFuture<?>> sends = new ArrayList<>();
            for (IndexedImage image : page) {
                sends.add(jobs.send(new BackfillRequested(
                        image.id(), image.contentHash(), version, image.ordering(), image.metadata())));
            }
            sends.forEach(CompletableFuture::join);
        }
        return missing;
    }

    private List<ImageId> missing(String from, String target) {
        List<ImageId> missing = new ArrayList<>();
        List<ImageId> page = index.ids(from, Optional.empty(), PAGE);
        while (!page.isEmpty()) {
            var there = index.fetch(target, page).keySet();
            page.stream().filter(id -> !there.contains(id)).forEach(missing::add);
            page = index.ids(from, Optional.of(page.getLast()), PAGE);
        }
        return missing;
    }

    private String collection(ModelStateChanged event) {
        return event.version().collection(collectionPrefix);
    }

    private void announce(ModelStateChanged event) {
        announce.send(event).join();
        versions.put(event.version(), event);
        if (event.state() == ModelState.ACTIVE) {
            index.createCollection(collection(event), event.dimension());
            index.alias(collectionPrefix + "_active", collection(event));
        }
    }

    @Override
    public void close() {
        modelEvents.close();
        announce.close();
        jobs.close();
    }
}
