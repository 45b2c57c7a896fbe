package dev.sightline.trainer.training;

import dev.sightline.towers.ModelManifest;
import dev.sightline.towers.TwoTowerModel;
import dev.sightline.trainer.dataset.Dataset;
import dev.sightline.trainer.dataset.PreparedImages;
import dev.sightline.trainer.dataset.Split;
import dev.sightline.trainer.evaluation.RetrievalEvaluation;
import dev.sightline.trainer.registry.ModelRegistry;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntConsumer;

/**
 * One training, from data to a registered version: prepare → train → judge → register. Interrupted, it goes on where it
 * was when it is run again on the same data with the same settings.
 *
 * @param work where checkpoints and prepared pixels lie; one job at a time
 * @param provenance further entries for the bundle, besides settings, data and code
 */
public record TrainingJob(
        Dataset dataset,
        TrainingSettings settings,
        Optional<Path> warmStart,
        Path work,
        Map<String, String> provenance) {

    public TrainingJob {
        provenance = Map.copyOf(provenance);
    }

    /**
     * Runs to the end; blocks for as long as training takes.
     *
     * @param decoded told after each image how many are prepared; from several threads
     * @throws InterruptedException if the thread was interrupted; the latest checkpoint stays
     */
    public ModelManifest run(ModelRegistry registry, IntConsumer decoded, TrainingProgress progress)
            throws InterruptedException {
        var trainer = new Trainer(settings, work.resolve("training"), progress);
        try (PreparedImages pixels =
                        PreparedImages.open(dataset, settings.preprocessing(), work.resolve("prepared"), decoded);
                TwoTowerModel model = trainer.train(dataset, pixels, warmStart)) {
            RetrievalEvaluation evaluation = RetrievalEvaluation.of(model, dataset, pixels, Split.VALIDATION);
            ModelManifest registered = registry.add(model, origin(), evaluation.describe(), trainer.history());
            trainer.forget();
            return registered;
        }
    }

    private Map<String, String> origin() {
        Map<String, String> origin = new TreeMap<>(settings.describe());
        origin.putAll(provenance);
        origin.put(ModelManifest.DATASET, dataset.fingerprint().hex());
        origin.put(ModelManifest.CODE_VERSION, CodeVersion.commit());
        return origin;
    }
}
