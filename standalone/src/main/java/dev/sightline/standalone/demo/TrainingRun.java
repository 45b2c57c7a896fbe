package dev.sightline.standalone.demo;

import dev.sightline.standalone.Platform;
import dev.sightline.towers.ModelManifest;
import dev.sightline.trainer.dataset.Dataset;
import dev.sightline.trainer.registry.ModelRegistry;
import dev.sightline.trainer.training.TrainingJob;
import dev.sightline.trainer.training.TrainingRecipe;
import dev.sightline.trainer.training.TrainingSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;

/** Training with a progress bar: prepare, train, judge, register. */
public final class TrainingRun {
    private TrainingRun() {}

    /** The recipe's settings for this dataset. @param epochs instead of the recipe's own */
    public static TrainingSettings settingsFor(TrainingRecipe recipe, Dataset dataset, Optional<Integer> epochs) {
        TrainingSettings settings =
                recipe.settings(dataset.schema(), dataset.examples().size());
        return epochs.isPresent() ? settings.withEpochs(epochs.get()) : settings;
    }

    /** Trains from random weights. */
    public static ModelManifest train(Dataset dataset, TrainingSettings settings, Path home, ModelRegistry registry)
            throws InterruptedException {
        return train(new TrainingJob(dataset, settings, Optional.empty(), home, Map.of()), registry);
    }

    /** As above, for a job made elsewhere. */
    public static ModelManifest train(TrainingJob job, ModelRegistry registry) throws InterruptedException {
        try (var bars = new TrainingBars(job.dataset().examples().size())) {
            return job.run(registry, bars::decoded, bars);
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
