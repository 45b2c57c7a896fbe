package dev.sightline.standalone.bench;

import dev.sightline.faces.FaceDataset;
import dev.sightline.trainer.dataset.CelebADataset;
import dev.sightline.trainer.dataset.Dataset;
import dev.sightline.trainer.dataset.PreparedImages;
import dev.sightline.trainer.training.Trainer;
import dev.sightline.trainer.training.TrainingProgress;
import dev.sightline.trainer.training.TrainingRecipe;
import dev.sightline.trainer.training.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How many images a second training takes in, with everything a real run does: batches made meanwhile, both towers, the
 * averaged weights. {@code benchmarks/peers/train_torch.py} times the same network in plain PyTorch.
 */
@Command(
        name = "train",
        description = "Train on painted faces as on photographs; images a second, and how long the device waited.",
        mixinStandardHelpOptions = true)
public final class TrainingBenchmark implements Callable<Integer> {
    /** More than the recipes take for a small dataset, so that they give what photographs are trained with. */
    private static final int AS_PHOTOGRAPHS = 10_000;

    private static final int VALIDATION = 64;

    @Option(names = "--recipe", description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private TrainingRecipe recipe = TrainingRecipe.DEFAULT;

    @Option(names = "--images", description = "Images a round (default: ${DEFAULT-VALUE}).", defaultValue = "768")
    private int images;

    @Option(
            names = "--rounds",
            description = "Rounds after the first, which warms up; the median counts (default: ${DEFAULT-VALUE}).",
            defaultValue = "3")
    private int rounds;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures here too.")
    private Optional<Path> json = Optional.empty();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path place = Files.createTempDirectory("sightline-train");
        new FaceDataset(images + VALIDATION, VALIDATION, 0, 3).write(place.resolve("faces"), done -> {});
        Dataset dataset = CelebADataset.read(place.resolve("faces"));
        TrainingSettings settings =
                recipe.settings(dataset.schema(), AS_PHOTOGRAPHS).withEpochs(1 + rounds);
        List<TrainingProgress.Epoch> epochs = new ArrayList<>();
        try (var bar = new ProgressBar("Training", 1);
                PreparedImages pixels =
                        PreparedImages.open(dataset, settings.preprocessing(), place.resolve("prepared"), done -> {})) {
            new Trainer(settings, place.resolve("training"), new TrainingProgress() {
                        @Override
                        public void step(long done, long total, double loss) {
                            bar.maxHint(total).stepTo(done);
                        }

                        @Override
                        public void epoch(Epoch epoch) {
                            epochs.add(epoch);
                        }
                    })
                    .train(dataset, pixels)
                    .close();
        }
        print(settings, epochs.subList(1, epochs.size()));
        return 0;
    }

    private void print(TrainingSettings settings, List<TrainingProgress.Epoch> epochs) throws IOException {
        double rate = median(
                epochs.stream().map(TrainingProgress.Epoch::imagesPerSecond).toList());
        double waiting =
                median(epochs.stream().map(TrainingProgress.Epoch::waiting).toList());
        System.out.printf(
                Locale.ROOT,
                "%.0f images/s (%s, %s, %dx%d), waiting for input %.1f%% of the time%n",
                rate,
                recipe,
                settings.towers().backbone(),
                settings.inputSize(),
                settings.inputSize(),
                100 * waiting);
        Figures.write(json, Map.of("recipe", recipe.toString(), "imagesPerSecond", rate, "waiting", waiting));
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
