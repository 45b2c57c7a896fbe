package dev.sightline.standalone.command;

import dev.sightline.standalone.demo.TrainingRun;
import dev.sightline.towers.ModelManifest;
import dev.sightline.trainer.dataset.CelebADataset;
import dev.sightline.trainer.training.TrainingSettings;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains a version and brings it into service, re-embedding what is indexed. */
@Command(
        name = "train",
        description = "Train a new model version on a labelled dataset, re-embed everything, and switch to it.",
        mixinStandardHelpOptions = true)
public final class TrainCommand implements Callable<Integer> {
    @Mixin
    private HomeOptions options = new HomeOptions();

    @Option(names = "--dataset", required = true, description = "Folder in the CelebA layout.")
    private Path dataset = Path.of(".");

    @Option(names = "--epochs", description = "Passes over the data (default: by its size).")
    private Optional<Integer> epochs = Optional.empty();

    @Override
    public Integer call() throws InterruptedException {
        var data = CelebADataset.read(dataset);
        TrainingSettings settings = TrainingRun.settingsFor(data, epochs);
        ModelManifest manifest;
        try (var platform = options.start()) {
            manifest = TrainingRun.train(data, settings, options.home, platform.registry());
            TrainingRun.publish(platform, manifest);
        }
        System.out.println("Active: " + manifest.version());
        return 0;
    }
}
