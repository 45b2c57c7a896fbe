package dev.sightline.standalone.demo;

import dev.sightline.standalone.Platform;
import dev.sightline.towers.ModelManifest;
import dev.sightline.towers.TwoTowerModel;
import dev.sightline.trainer.dataset.Dataset;
import dev.sightline.trainer.dataset.PreparedImages;
import dev.sightline.trainer.dataset.Split;
import dev.sightline.trainer.evaluation.RetrievalEvaluation;
import dev.sightline.trainer.registry.ModelRegistry;
import dev.sightline.trainer.training.Trainer;
import dev.sightline.trainer.training.TrainingProgress;
import dev.sightline.trainer.training.TrainingRecipe;
import dev.sightline.trainer.training.TrainingSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** Training with a progress bar: prepare, train, judge, register. */
public final class TrainingRun {
    private TrainingRun() {}

    /** The recipe's settings for this dataset. @param epochs instead of the recipe's own */
    public static TrainingSettings settingsFor(TrainingRecipe recipe, Dataset dataset, Optional<Integer> epochs) {
        TrainingSettings settings =
                recipe.settings(dataset.schema(), dataset.examples().size());
        return epochs.isPresent() ? settings.withEpochs(epochs.get()) : settings;
    }

    /** Trains, judges on the validation split, and registers; an interrupted run goes on where it was. */
    public static ModelManifest train(Dataset dataset, TrainingSettings settings, Path home, ModelRegistry registry)
            throws InterruptedException {
        try (PreparedImages pixels = prepare(dataset, settings, home);
                var bar = new ProgressBarBuilder()
                        .setTaskName("Training")
                        .setInitialMax(settings.epochs())
                        .setUpdateIntervalMillis(500)
                        .build()) {
            var trainer = new Trainer(settings, home.resolve("training"), new TrainingProgress() {
                @Override
                public void step(long done, long total, double loss) {
                    bar.maxHint(total);
                    bar.stepTo(done);
                }

                @Override
                public void epoch(Epoch epoch) {
                    bar.setExtraMessage(" precision@10 %.3f, %.0f images/s, %.1f%% waiting"
                            .formatted(epoch.validation(), epoch.imagesPerSecond(), 100 * epoch.waiting()));
                }
            });
            try (TwoTowerModel model = trainer.train(dataset, pixels)) {
                var evaluation = RetrievalEvaluation.of(model, dataset, pixels, Split.VALIDATION);
                ModelManifest registered =
                        registry.add(model, provenance(dataset, settings), evaluation.describe(), trainer.history());
                trainer.forget();
                return registered;
            }
        }
    }

    private static Map<String, String> provenance(Dataset dataset, TrainingSettings settings) {
        Map<String, String> provenance = new TreeMap<>(settings.describe());
        provenance.put(ModelManifest.DATASET, dataset.fingerprint().hex());
        provenance.put(
                ModelManifest.CODE_VERSION,
                Optional.ofNullable(TrainingRun.class.getPackage().getImplementationVersion())
                        .orElse("unknown"));
        return provenance;
    }

    private static PreparedImages prepare(Dataset dataset, TrainingSettings settings, Path home) {
        try (var bar = new ProgressBar("Decoding", dataset.examples().size())) {
            return PreparedImages.open(dataset, settings.preprocessing(), home.resolve("prepared"), bar::stepTo);
        }
    }

    /** Brings a version into service, with a bar while what is indexed is re-embedded. */
    public static void publish(Platform platform, ModelManifest manifest) throws InterruptedException {
        try (var bar =
                new ProgressBar("Re-embedding", platform.lifecycle().active().isPresent() ? 1 : 0)) {
            platform.lifecycle()
                    .publish(
                            manifest,
                            platform.registry().bundle(manifest.version()).toUri(),
                            (done, total) -> {
                                bar.maxHint(total);
                                bar.stepTo(done);
                            });
        }
    }
}
