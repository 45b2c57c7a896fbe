package dev.sightline.trainer.lifecycle;

import dev.sightline.domain.ModelVersion;
import dev.sightline.events.FencedProducer.FencedException;
import dev.sightline.events.KafkaSettings;
import dev.sightline.events.ModelFollower;
import dev.sightline.events.ModelStateChanged;
import dev.sightline.events.ModelVersions;
import dev.sightline.events.RetryableException;
import dev.sightline.events.Topics;
import dev.sightline.index.IndexUnavailableException;
import dev.sightline.index.NoSuchCollectionException;
import dev.sightline.index.VectorIndex;
import dev.sightline.service.process.ServiceHost;
import dev.sightline.towers.ModelManifest;
import dev.sightline.trainer.registry.ModelRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the life of model versions. Many may be started; the elected one takes over {@code model-events}, which fences all
 * others, and acts until it loses either. Commands are taken by the one that acts. Thread-safe.
 */
public final class ModelCoordinator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ModelCoordinator.class);
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration OBSERVE_EVERY = Duration.ofSeconds(1);
    private static final Duration REPLAY = Duration.ofSeconds(30);
    private static final int WAIT_FOR_LEAD_SECONDS = 30;

    private final LifecycleSettings settings;
    private final KafkaSettings kafka;
    private final Topics topics;
    private final VectorIndex index;
    private final ModelRegistry registry;
    private final ModelFollower follower;
    private final Admin admin;
    private final KafkaBackfillQueue queue;
    private final KafkaEmbedFleet fleet;
    private final KafkaFailedImages failures;
    private final RecentQueries recentQueries;
    private final CoordinatorElection election;
    private final ExecutorService guarding = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("cutover-guard").factory());
    private final Thread loop =
            Thread.ofPlatform().daemon().name("model-coordinator").unstarted(this::run);
    private final LifecycleMetrics metrics;
    private volatile Optional<Lead> lead = Optional.empty();
    private Instant nextObservation = Instant.MIN;
    private final CountDownLatch closing = new CountDownLatch(1);

    /** What the acting coordinator has. */
    private record Lead(FencedModelLog log, ModelLifecycle lifecycle) {}

    public ModelCoordinator(
            LifecycleSettings settings,
            KafkaSettings kafka,
            Topics topics,
            VectorIndex index,
            ModelRegistry registry,
            MeterRegistry meters) {
        this.settings = settings;
        this.kafka = kafka;
        this.topics = topics;
        this.index = index;
        this.registry = registry;
        this.follower = new ModelFollower(kafka, topics, versions -> {});
        this.admin = kafka.admin();
        this.queue = new KafkaBackfillQueue(admin, kafka, topics);
        this.fleet = new KafkaEmbedFleet(admin, kafka, topics);
        this.failures = new KafkaFailedImages(kafka, topics);
        this.recentQueries = new RecentQueries(kafka, topics);
        this.election = new CoordinatorElection(kafka, topics);
        this.metrics = new LifecycleMetrics(meters);
    }

    /** @throws IllegalStateException if {@code model-events} cannot be replayed in time */
    public void start() throws InterruptedException {
        follower.start();
        fleet.start();
        failures.start();
        recentQueries.start();
        election.start();
        if (!follower.awaitCaughtUp(REPLAY)) {
            throw new IllegalStateException("model-events could not be read within " + REPLAY + "; is Kafka up?");
        }
        loop.start();
    }

    /** Starts, answers operators on {@code host}, and tells its health. */
    public void start(ServiceHost host) throws InterruptedException {
        start();
        new ModelAdminRoutes(this).mount(host.http());
        host.health().requireLiving("model-coordinator", this::isAlive);
    }

    /** Whether its loops run; it may be on standby. */
    public boolean isAlive() {
        return loop.isAlive() && follower.isAlive() && election.isAlive();
    }

    /** Whether this coordinator is the one that acts. */
    public boolean isActing() {
        return lead.isPresent();
    }

    private void run() {
        while (closing.getCount() > 0) {
            if (!round()) {
                pause();
            }
        }
        standBy();
    }

    /** One step, if this is the coordinator that acts; true if there is more to do at once. */
    private boolean round() {
        try {
            if (!election.isElected()) {
                standBy();
            } else if (lead.isEmpty()) {
                takeOver();
            }
            boolean more = lead.isPresent() && lead.get().lifecycle().step();
            observe();
            return more;
        } catch (FencedException e) {
            LOG.warn("another coordinator has taken over; this one stands by");
            standBy();
        } catch (RetryableException e) {
            LOG.warn("lost Kafka; taking over anew when it answers", e);
            standBy();
        } catch (IndexUnavailableException | NoSuchCollectionException e) {
            LOG.warn("the vector index does not answer; trying again", e);
        } catch (RuntimeException e) {
            LOG.error("a step of the model lifecycle failed; trying again", e);
        }
        return false;
    }

    private void takeOver() {
        FencedModelLog log = FencedModelLog.takeOver(kafka, topics, follower);
        Clock clock = Clock.systemUTC();
        var guard = new QueryReplay(
                index,
                settings.collectionPrefix(),
                settings.guard(),
                recentQueries::latest,
                registry.evidence(),
                clock);
        lead = Optional.of(new Lead(
                log,
                new ModelLifecycle(
                        settings, log, index, queue, fleet, failures, new GuardRun(guard, guarding, clock), clock)));
        LOG.info("acting as coordinator of generation {}; {}", log.generation(), log.current());
    }

    private void standBy() {
        Optional<Lead> before = lead;
        lead = Optional.empty();
        before.ifPresent(lost -> lost.log().close());
    }

    private void observe() {
        Instant now = Instant.now();
        if (!now.isBefore(nextObservation)) {
            metrics.observe(versions(), isActing(), progress());
            nextObservation = now.plus(OBSERVE_EVERY);
        }
    }

    private void pause() {
        try {
            closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is known of every version. */
    public ModelVersions versions() {
        return lead.map(acting -> acting.lifecycle().versions()).orElseGet(follower::current);
    }

    /** The version searches run on. */
    public Optional<ModelStateChanged> active() {
        return versions().active();
    }

    /** How far the running backfill is; empty while there is none, or while another coordinator acts. */
    public Optional<BackfillProgress> progress() {
        return lead.flatMap(acting -> acting.lifecycle().progress());
    }

    /** The collection of a version. */
    public String collection(ModelVersion version) {
        return version.collection(settings.collectionPrefix());
    }

    /** Takes note of a trained version. @throws NotActingException if another coordinator acts */
    public void register(ModelManifest manifest, URI bundle, String reason) {
        acting().register(manifest.version(), bundle, manifest.towers().embeddingDimension(), reason);
    }

    /**
     * Brings a version into service; one that is only in the registry is registered first.
     *
     * @param force neither the cutover guard nor failed images hold it
     * @throws RefusedTransitionException if that cannot be; the message says why
     * @throws NotActingException if another coordinator acts
     */
    public void promote(ModelVersion version, String reason, boolean force) {
        ModelLifecycle acting = acting();
        if (acting.versions().find(version).isEmpty() && registry.versions().contains(version)) {
            register(registry.manifest(version), registry.bundle(version).toUri(), "registered");
        }
        acting.promote(version, reason, force);
    }

    /** As {@link ModelLifecycle#rollback}. @throws NotActingException if another coordinator acts */
    public ModelVersion rollback() {
        return acting().rollback();
    }

    /** As {@link ModelLifecycle#reject}. @throws NotActingException if another coordinator acts */
    public void reject(ModelVersion version, String reason) {
        acting().reject(version, reason);
    }

    /**
     * Brings a registered version into service and waits until it is.
     *
     * @param progress told how many images the new collection holds, and of how many
     * @throws IllegalStateException if it does not get there; the message says why and what can be done
     */
    public void publish(ModelManifest manifest, URI bundle, BiConsumer<Long, Long> progress)
            throws InterruptedException {
        awaitActing();
        register(manifest, bundle, "registered");
        boolean underWay = versions()
                .backfilling()
                .filter(event -> event.version().equals(manifest.version()))
                .isPresent();
        if (!underWay) {
            promote(manifest.version(), "re-embedding everything", false);
        }
        while (true) {
            ModelStateChanged event = versions().find(manifest.version()).orElseThrow();
            switch (event.state()) {
                case ACTIVE -> {
                    return;
                }
                case REJECTED, RETIRED ->
                    throw new IllegalStateException(
                            event.version() + " is not active: " + event.state() + ", " + event.reason());
                case CANDIDATE, BACKFILLING -> {
                    Optional<BackfillProgress> now = progress();
                    now.ifPresent(found -> progress.accept(found.done(), found.total()));
                    if (now.filter(BackfillProgress::isHeld).isPresent()) {
                        throw new IllegalStateException(event.version() + " is not active yet: "
                                + now.get().why(event.reason()));
                    }
                }
            }
            Thread.sleep(PAUSE);
        }
    }

    /** Waits until this coordinator acts. @throws IllegalStateException if another one does */
    public void awaitActing() throws InterruptedException {
        for (int i = 0; i < WAIT_FOR_LEAD_SECONDS * 10 && !isActing(); i++) {
            Thread.sleep(100);
        }
        if (!isActing()) {
            throw new IllegalStateException("another coordinator acts; stop it, or send it the command over HTTP");
        }
    }

    private ModelLifecycle acting() {
        return lead.map(Lead::lifecycle).orElseThrow(NotActingException::new);
    }

    /** Leaves the lead to another coordinator; whatever was under way goes on there. */
    @Override
    public void close() {
        closing.countDown();
        stopLoop();
        guarding.shutdownNow();
        election.close();
        recentQueries.close();
        failures.close();
        fleet.close();
        queue.close();
        follower.close();
        admin.close(Duration.ofSeconds(5));
    }

    private void stopLoop() {
        if (loop.getState() == Thread.State.NEW) {
            return;
        }
        try {
            loop.join(Duration.ofSeconds(20));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
