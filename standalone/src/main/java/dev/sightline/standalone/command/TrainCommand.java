package dev.sightline.standalone.command;

import dev.sightline.domain.ModelVersion;
import dev.sightline.standalone.demo.TrainingRun;
import dev.sightline.towers.Backbone;
import dev.sightline.towers.ModelManifest;
import dev.sightline.towers.TorchScriptFile;
import dev.sightline.trainer.dataset.CelebADataset;
import dev.sightline.trainer.dataset.Dataset;
import dev.sightline.trainer.retraining.Retraining;
import dev.sightline.trainer.training.Augmentation;
import dev.sightline.trainer.training.Objective;
import dev.sightline.trainer.training.QueryDistribution;
import dev.sightline.trainer.training.RankingLoss;
import dev.sightline.trainer.training.TrainingJob;
import dev.sightline.trainer.training.TrainingRecipe;
import dev.sightline.trainer.training.TrainingSettings;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
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
    private static final String TORCH_SCRIPT = "torchscript:";

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

    @Option(
            names = "--query-sizes",
            split = ",",
            paramLabel = "SHARE",
            description = "How often training asks 1, 2, 3, … attributes at once, relative to each other"
                    + " (default: 0.3,0.25,0.2,0.12,0.08,0.05).")
    private List<Double> querySizes = QueryDistribution.DEFAULT.sizes();

    @Option(
            names = "--query-balance",
            paramLabel = "POWER",
            description = "How much oftener rare values are asked than they occur: 0 not at all, 1 until all are alike"
                    + " (default: 0.5).")
    private double queryBalance = QueryDistribution.DEFAULT.balance();

    @Option(names = "--warm-start", paramLabel = "VERSION", description = "Start from this version's weights.")
    private Optional<String> warmStart = Optional.empty();

    @Option(
            names = "--backbone",
            paramLabel = "NAME",
            description =
                    "small-cnn, resnet18, resnet34, resnet50, or torchscript:FILE for a pretrained one, which learns"
                            + " at a tenth of the rate (default: resnet18).")
    private Optional<String> backbone = Optional.empty();

    @Option(
            names = "--freeze-backbone",
            paramLabel = "EPOCHS",
            defaultValue = "0",
            description = "For so many epochs only the head and the query tower learn.")
    private int frozenEpochs;

    @Option(
            names = "--augmentation",
            description = "How far images are varied, ${COMPLETION-CANDIDATES}: strong pays in longer trainings"
                    + " (default: the recipe's).")
    private Optional<Augmentation.Strength> augmentation = Optional.empty();

    @Option(names = "--epochs", description = "Passes over the data (default: by its size).")
    private Optional<Integer> epochs = Optional.empty();

    @Override
    public Integer call() throws InterruptedException {
        UnaryOperator<TrainingSettings> onBackbone =
                backbone.map(this::backbone).orElse(UnaryOperator.identity());
        QueryDistribution queries = queries();
        Optional<Dataset> onDisk = dataset.map(CelebADataset::read);
        ModelManifest manifest;
        try (var platform = options.start()) {
            String now = Instant.now().toString();
            Dataset data = platform.trainer().gather(onDisk);
            var job = new TrainingJob(
                    data,
                    settings(data, onBackbone, queries),
                    warmStart.map(ModelVersion::new).map(platform.registry()::bundle),
                    options.home,
                    Map.of(Retraining.LABELS_UNTIL, now));
            manifest = TrainingRun.train(job, platform.registry());
            TrainingRun.publish(platform, manifest);
        }
        System.out.println("Active: " + manifest.version());
        return 0;
    }

    private TrainingSettings settings(
            Dataset data, UnaryOperator<TrainingSettings> onBackbone, QueryDistribution queries) {
        TrainingSettings published =
                onBackbone.apply(TrainingRun.settingsFor(recipe, data, epochs)).withFrozenEpochs(frozenEpochs);
        TrainingSettings settings =
                augmentation.map(published::withAugmentation).orElse(published);
        if (settings.objective() instanceof Objective.Ranking recipes) {
            Objective.Ranking ranking =
                    loss.map(chosen -> chosen.objective(settings.towers())).orElse(recipes);
            return settings.withObjective(ranking.asking(queries));
        }
        return settings;
    }

    /** Before anything is started, so that a mistake costs nothing. */
    private QueryDistribution queries() {
        QueryDistribution queries;
        try {
            queries = new QueryDistribution(querySizes, queryBalance);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        if (recipe != TrainingRecipe.DEFAULT && (loss.isPresent() || !queries.equals(QueryDistribution.DEFAULT))) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--loss, --query-sizes and --query-balance are for the default recipe; " + recipe
                            + " has a loss and queries of its own");
        }
        return queries;
    }

    /** As {@link #queries}: before anything is started. */
    private UnaryOperator<TrainingSettings> backbone(String name) {
        if (name.startsWith(TORCH_SCRIPT)) {
            try {
                TorchScriptFile file = TorchScriptFile.at(Path.of(name.substring(TORCH_SCRIPT.length())));
                return settings -> settings.withBackbone(file);
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), e.getMessage(), e);
            }
        }
        return Stream.of(Backbone.values())
                .filter(own -> own != Backbone.TORCHSCRIPT && own.toString().equals(name))
                .findFirst()
                .<UnaryOperator<TrainingSettings>>map(own -> settings -> settings.withBackbone(own))
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "there is no backbone '" + name + "'; take small-cnn, resnet18, resnet34, resnet50 or "
                                + TORCH_SCRIPT + "FILE"));
    }
}
