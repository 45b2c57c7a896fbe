package dev.sightline.trainer.retraining;

import dev.sightline.service.config.RetrainingConfig;
import dev.sightline.trainer.dataset.Dataset;
import dev.sightline.trainer.training.TrainingRecipe;
import dev.sightline.trainer.training.TrainingSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * How to train again.
 *
 * @param dataset in CelebA's layout, to learn from besides labelled uploads
 * @param checkEvery how often to look whether it is time
 * @param recipe how to train on so much data
 * @param work where checkpoints and prepared pixels lie
 */
public record RetrainingSettings(
        RetrainingSchedule schedule,
        Optional<Path> dataset,
        Duration checkEvery,
        Function<Dataset, TrainingSettings> recipe,
        Path work) {

    /** As configured, by the default recipe. */
    public static RetrainingSettings of(RetrainingConfig config, Path work) {
        return new RetrainingSettings(
                RetrainingSchedule.of(config.cron(), config.afterLabels()),
                config.dataset(),
                config.checkEvery(),
                data -> TrainingRecipe.DEFAULT.settings(
                        data.schema(), data.examples().size()),
                work);
    }
}
