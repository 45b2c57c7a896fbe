package dev.sightline.trainer;

import dev.sightline.events.KafkaSettings;
import dev.sightline.events.Topics;
import dev.sightline.images.ImageStore;
import dev.sightline.index.VectorIndex;
import dev.sightline.service.process.ServiceHost;
import dev.sightline.trainer.dataset.Dataset;
import dev.sightline.trainer.gate.EvaluationGate;
import dev.sightline.trainer.gate.GateSettings;
import dev.sightline.trainer.labels.LabelLog;
import dev.sightline.trainer.labels.TrainingData;
import dev.sightline.trainer.lifecycle.LifecycleSettings;
import dev.sightline.trainer.lifecycle.ModelCoordinator;
import dev.sightline.trainer.registry.ModelRegistry;
import dev.sightline.trainer.retraining.Retraining;
import dev.sightline.trainer.retraining.RetrainingSettings;
import java.time.Duration;
import java.util.Optional;

/**
 * The trainer's parts and how they meet: the coordinator of model versions, what people say of images, and training again
 * by itself. The host closes them.
 */
public final class TrainerService {
    private static final Duration REPLAY = Duration.ofMinutes(1);

    private final ModelCoordinator coordinator;
    private final LabelLog labels;
    private final Retraining retraining;

    public TrainerService(
            LifecycleSettings lifecycle,
            RetrainingSettings settings,
            KafkaSettings kafka,
            Topics topics,
            VectorIndex index,
            ImageStore store,
            ModelRegistry registry,
            ServiceHost host) {
        this.coordinator = host.open(new ModelCoordinator(lifecycle, kafka, topics, index, registry, host.meters()));
        this.labels = host.open(new LabelLog(kafka, topics));
        this.retraining = host.open(new Retraining(
                settings,
                coordinator,
                labels,
                new TrainingData(labels, index, store),
                registry,
                new EvaluationGate(GateSettings.DEFAULT, settings.work().resolve("prepared"))));
    }

    /** Starts everything, answers operators on {@code host}, and tells its health. */
    public void start(ServiceHost host) throws InterruptedException {
        coordinator.start(host);
        labels.start();
        host.health().requireLiving("image-labels", labels::isAlive);
        retraining.start();
        host.health().requireLiving("retraining", retraining::isAlive);
    }

    public ModelCoordinator coordinator() {
        return coordinator;
    }

    /**
     * All there is to learn from now: a dataset on disk, if any, and what people said of the images searches find.
     *
     * @throws IllegalStateException if {@code image-labels} cannot be read in time
     */
    public Dataset gather(Optional<Dataset> onDisk) throws InterruptedException {
        if (!labels.awaitCaughtUp(REPLAY)) {
            throw new IllegalStateException("image-labels could not be read within " + REPLAY + "; is Kafka up?");
        }
        return retraining.gather(onDisk);
    }
}
