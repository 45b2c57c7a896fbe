package dev.sightline.standalone.command;

import dev.sightline.standalone.demo.TrainingRun;
import dev.sightline.towers.ModelManifest;
import dev.sightline.trainer.dataset.CelebADataset;
import dev.sightline.trainer.training.TrainingRecipe;
import dev.sightline.trainer.training.TrainingSettings;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

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

    @Option(
            names = "--recipe",
            defaultValue = "default",
            converter = RecipeConverter.class,
            description = "default, classic (the published recipe) or logistic (independent heads).")
    private TrainingRecipe recipe = TrainingRecipe.DEFAULT;

    @Option(names = "--epochs", description = "Passes over the data (default: by its size).")
    private Optional<Integer> epochs = Optional.empty();

    @Override
    public Integer call() throws InterruptedException {
        var data = CelebADataset.read(dataset);
        TrainingSettings settings = TrainingRun.settingsFor(recipe, data, epochs);
        ModelManifest manifest;
        try (var platform = options.start()) {
            manifest = TrainingRun.train(data, settings, options.home, platform.registry());
            TrainingRun.publish(platform, manifest);
        }
        System.out.println("Active: " + manifest.version());
        return 0;
    }

    /** By the recipe's own name. */
    static final class RecipeConverter implements ITypeConverter<TrainingRecipe> {
        @Override
        public TrainingRecipe convert(String name) {
            try {
                return TrainingRecipe.named(name);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
