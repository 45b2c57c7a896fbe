package dev.sightline.trainer.retraining;

import dev.sightline.domain.ModelState;
import dev.sightline.domain.ModelVersion;
import dev.sightline.events.ModelStateChanged;
import dev.sightline.towers.ModelManifest;
import dev.sightline.towers.TowerSettings;
import dev.sightline.towers.TwoTowerModel;
import dev.sightline.trainer.dataset.CelebADataset;
import dev.sightline.trainer.dataset.Dataset;
import dev.sightline.trainer.gate.EvaluationGate;
import dev.sightline.trainer.gate.GateVerdict;
import dev.sightline.trainer.labels.LabelLog;
import dev.sightline.trainer.labels.TrainingData;
import dev.sightline.trainer.lifecycle.ModelCoordinator;
import dev.sightline.trainer.registry.ModelRegistry;
import dev.sightline.trainer.training.TrainingJob;
import dev.sightline.trainer.training.TrainingProgress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains again when it is time, and brings what passes the gate into service. Only beside the coordinator that acts, so
 * one trainer at a time. What it remembers is in the bundles, so another trainer goes on where this one stopped. One
 * thread of its own.
 */
public final class Retraining implements AutoCloseable {
    /** In a bundle: up to when statements about images were taken into its data. */
    public static final String LABELS_UNTIL = "labelsUntil";

    /** In a bundle that was trained here: why. */
    static final String BECAUSE = "retrainedBecause";

    private static final Logger LOG = LoggerFactory.getLogger(Retraining.class);
    private static final Duration REPLAY = Duration.ofMinutes(5);

    private final RetrainingSettings settings;
    private final ModelCoordinator coordinator;
    private final LabelLog labels;
    private final TrainingData data;
    private final ModelRegistry registry;
    private final EvaluationGate gate;
    private final Thread loop = Thread.ofPlatform().name("retraining").unstarted(this::run);
    private Instant lastLooked = Instant.EPOCH;

    public Retraining(
            RetrainingSettings settings,
            ModelCoordinator coordinator,
            LabelLog labels,
            TrainingData data,
            ModelRegistry registry,
            EvaluationGate gate) {
        this.settings = settings;
        this.coordinator = coordinator;
        this.labels = labels;
        this.data = data;
        this.registry = registry;
        this.gate = gate;
    }

    /** Begins to look; does nothing where nothing was scheduled. */
    public void start() {
        if (settings.schedule().isOn()) {
            loop.start();
        }
    }

    /** Whether its loop runs, or need not. */
    public boolean isAlive() {
        return !settings.schedule().isOn() || loop.isAlive();
    }

    private void run() {
        try {
            while (!labels.awaitCaughtUp(REPLAY)) {
                LOG.warn("image-labels is not read yet; waiting");
            }
            while (true) {
                if (coordinator.isActing()
                        && coordinator.versions().backfilling().isEmpty()) {
                    look();
                }
                Thread.sleep(settings.checkEvery());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A failure waits for the next time it is due: the same data would fail again at once. */
    private void look() throws InterruptedException {
        Instant now = Instant.now();
        try {
            Optional<ModelManifest> unjudged = unjudged();
            if (unjudged.isPresent()) {
                judge(unjudged.get(), gather());
                return;
            }
            Optional<String> because = because(now);
            if (because.isPresent()) {
                lastLooked = now;
                retrain(because.get(), now);
            }
        } catch (RuntimeException e) {
            lastLooked = now;
            LOG.error("training again failed; the next try is when it is due again", e);
        }
    }

    private Optional<String> because(Instant now) {
        Optional<ModelManifest> last = newest();
        Instant trained = latest(last.map(ModelManifest::createdAt).orElse(Instant.EPOCH), lastLooked);
        return settings.schedule().due(now, trained, labels.since(latest(labelsUntil(last), lastLooked)));
    }

    private void retrain(String because, Instant now) throws InterruptedException {
        Dataset dataset = gather();
        Optional<ModelManifest> last = newest();
        String fingerprint = dataset.fingerprint().hex();
        if (last.filter(manifest -> fingerprint.equals(manifest.training().get(ModelManifest.DATASET)))
                .isPresent()) {
            LOG.info(
                    "not training ({}): nothing has changed since {}",
                    because,
                    last.get().version());
            return;
        }
        LOG.info("training again on {} photos: {}", dataset.examples().size(), because);
        var training = settings.recipe().apply(dataset);
        var job = new TrainingJob(
                dataset,
                training,
                warmStart(dataset, training.towers()),
                settings.work(),
                Map.of(BECAUSE, because, LABELS_UNTIL, now.toString()));
        judge(job.run(registry, decoded -> {}, new Logged()), dataset);
    }

    private Dataset gather() {
        return gather(settings.dataset().map(CelebADataset::read));
    }

    /** All there is to learn from now: a dataset on disk, if any, and what was said of the images searches find. */
    public Dataset gather(Optional<Dataset> onDisk) {
        Optional<ModelStateChanged> active = coordinator.active();
        return data.gather(
                onDisk,
                active.map(event -> registry.manifest(event.version()).schema()),
                active.map(event -> coordinator.collection(event.version())));
    }

    /** The active version's bundle, where its towers have the shape of the new ones. */
    private Optional<Path> warmStart(Dataset dataset, TowerSettings towers) {
        return coordinator
                .active()
                .map(event -> registry.manifest(event.version()))
                .filter(manifest ->
                        manifest.schema().fingerprint().equals(dataset.schema().fingerprint())
                                && manifest.towers().equals(towers))
                .map(manifest -> registry.bundle(manifest.version()));
    }

    /** Candidate against active on the same held-out images; what passes is backfilled, what does not is rejected. */
    private void judge(ModelManifest candidate, Dataset dataset) {
        ModelVersion version = candidate.version();
        String because = candidate.training().getOrDefault(BECAUSE, "retrained");
        Optional<ModelStateChanged> active = coordinator.active();
        Optional<GateVerdict> verdict = active.map(event -> verdict(version, event.version(), dataset));
        boolean passes = verdict.map(GateVerdict::promoted).orElse(true);
        String why = verdict.map(GateVerdict::summary).orElse("no version is active");
        LOG.info("{} {}: {}", version, passes ? "passes the gate" : "is rejected", why);
        coordinator.register(candidate, registry.bundle(version).toUri(), because);
        if (passes) {
            coordinator.promote(version, because + "; " + why, false);
        } else {
            coordinator.reject(version, why);
        }
    }

    private GateVerdict verdict(ModelVersion candidate, ModelVersion active, Dataset dataset) {
        var device = TwoTowerModel.bestDevice();
        try (TwoTowerModel next =
                        TwoTowerModel.load(registry.bundle(candidate), device).model();
                TwoTowerModel current =
                        TwoTowerModel.load(registry.bundle(active), device).model()) {
            return gate.judge(next, current, dataset);
        }
    }

    /** A version that was trained here or by another trainer, which then stopped before it told anyone. */
    private Optional<ModelManifest> unjudged() {
        return newest().filter(manifest -> manifest.training().containsKey(BECAUSE)
                && coordinator
                                .versions()
                                .find(manifest.version())
                                .map(ModelStateChanged::state)
                                .orElse(ModelState.CANDIDATE)
                        == ModelState.CANDIDATE);
    }

    private Optional<ModelManifest> newest() {
        return registry.versions().stream()
                .filter(version -> Files.exists(registry.bundle(version)))
                .max(Comparator.naturalOrder())
                .map(registry::manifest);
    }

    private static Instant labelsUntil(Optional<ModelManifest> last) {
        return last.map(manifest -> manifest.training().get(LABELS_UNTIL))
                .map(Instant::parse)
                .orElse(Instant.EPOCH);
    }

    private static Instant latest(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** Stops; a training under way goes on from its last checkpoint when one is due again. */
    @Override
    public void close() {
        if (!loop.isAlive()) {
            return;
        }
        loop.interrupt();
        try {
            loop.join(Duration.ofSeconds(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Logged implements TrainingProgress {
        @Override
        public void step(long done, long total, double loss) {}

        @Override
        public void epoch(Epoch epoch) {
            LOG.info(
                    "epoch {} of {}: loss {}, validation precision@10 {}, {} images/s",
                    epoch.number(),
                    epoch.of(),
                    epoch.loss(),
                    epoch.validation(),
                    Math.round(epoch.imagesPerSecond()));
        }
    }
}
