package dev.sightline.standalone.command;

import dev.sightline.domain.ModelVersion;
import dev.sightline.standalone.demo.TrainingRun;
import dev.sightline.towers.ModelManifest;
import dev.sightline.trainer.dataset.CelebADataset;
import dev.sightline.trainer.dataset.Dataset;
import dev.sightline.trainer.retraining.Retraining;
import dev.sightline.trainer.training.RankingLoss;
import dev.sightline.trainer.training.TrainingJob;
import dev.sightline.trainer.training.TrainingRecipe;
import dev.sightline.trainer.training.TrainingSettings;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trains a version and brings it into service, re-embedding what is indexed. */
@Command(
        name = "train",
        description = {
            "Train a new model version on a labelled dataset, on what was said of uploaded images, or on both;",
            "then re-embed everything and switch to it."
        },
        mixinStandardHelpOptions = true)
public final class TrainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private HomeOptions options = new HomeOptions();

    @Option(names = "--dataset", description = "Folder in the CelebA layout (default: only labelled uploads).")
    private Optional<Path> dataset = Optional.empty();

    @Option(
            names = "--recipe",
            defaultValue = "default",
            description = "One of ${COMPLETION-CANDIDATES}: ours, the published recipe, independent heads.")
    private TrainingRecipe recipe = TrainingRecipe.DEFAULT;

    @Option(
            names = "--loss",
            description = "Ranking loss of the default recipe beside the likelihood: ${COMPLETION-CANDIDATES}"
                    + " (default: smooth-triplet).")
    private Optional<RankingLoss> loss = Optional.empty();

    @Option(names = "--warm-start", paramLabel = "VERSION", description = "Start from this version's weights.")
    private Optional<String> warmStart = Optional.empty();

    @Option(names = "--epochs", description = "Passes over the data (default: by its size).")
    private Optional<Integer> epochs = Optional.empty();

    @Override
    public Integer call() throws InterruptedException {
        Optional<Dataset> onDisk = dataset.map(CelebADataset::read);
        ModelManifest manifest;
        try (var platform = options.start()) {
            String now = Instant.now().toString();
            Dataset data = platform.trainer().gather(onDisk);
            var job = new TrainingJob(
                    data,
                    settings(data),
                    warmStart.map(ModelVersion::new).map(platform.registry()::bundle),
                    options.home,
                    Map.of(Retraining.LABELS_UNTIL, now));
            manifest = TrainingRun.train(job, platform.registry());
            TrainingRun.publish(platform, manifest);
        }
        System.out.println("Active: " + manifest.version());
        return 0;
    }

    private TrainingSettings settings(Dataset data) {
        TrainingSettings settings = TrainingRun.settingsFor(recipe, data, epochs);
        if (loss.isEmpty()) {
            return settings;
        }
        if (recipe != TrainingRecipe.DEFAULT) {
            throw new ParameterException(
                    spec.commandLine(), "--loss is for the default recipe; " + recipe + " has a loss of its own");
        }
        return settings.withObjective(loss.get().objective(settings.towers()));
    }
}
