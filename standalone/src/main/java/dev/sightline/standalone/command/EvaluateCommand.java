package dev.sightline.standalone.command;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.ModelVersion;
import dev.sightline.towers.ModelManifest;
import dev.sightline.towers.TwoTowerModel;
import dev.sightline.trainer.card.ModelCard;
import dev.sightline.trainer.dataset.CelebADataset;
import dev.sightline.trainer.dataset.Split;
import dev.sightline.trainer.evaluation.Comparison;
import dev.sightline.trainer.evaluation.EvaluationReport;
import dev.sightline.trainer.evaluation.EvaluationSettings;
import dev.sightline.trainer.evaluation.HeldOutImages;
import dev.sightline.trainer.evaluation.ModelEvaluation;
import dev.sightline.trainer.evaluation.QuerySet;
import dev.sightline.trainer.evaluation.RandomRanking;
import dev.sightline.trainer.evaluation.RetrievalEvaluation;
import dev.sightline.trainer.registry.ModelRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures model versions side by side on held-out images; no service need run. */
@Command(
        name = "evaluate",
        description = {
            "Measure model versions on a labelled dataset, beside a random ranking.",
            "Several --model are compared on the same queries."
        },
        mixinStandardHelpOptions = true)
public final class EvaluateCommand implements Callable<Integer> {
    @Mixin
    private HomeOptions options = new HomeOptions();

    @Option(
            names = "--model",
            paramLabel = "VERSION|FILE",
            required = true,
            description = "A registered version or a bundle; may be given several times.")
    private List<String> models = new ArrayList<>();

    @Option(names = "--dataset", required = true, description = "Folder in the CelebA layout.")
    private Path dataset = Path.of(".");

    @Option(
            names = "--split",
            description = "train, validation or test (default: ${DEFAULT-VALUE}).",
            defaultValue = "test")
    private Split split = Split.TEST;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the tables here as JSON too.")
    private Optional<Path> json = Optional.empty();

    @Option(names = "--markdown", paramLabel = "FILE", description = "Write the tables here as Markdown too.")
    private Optional<Path> markdown = Optional.empty();

    @Option(
            names = "--card",
            paramLabel = "DIR",
            description = "Write a model card with plots here, for the first model.")
    private Optional<Path> card = Optional.empty();

    private final EvaluationSettings settings = EvaluationSettings.DEFAULT;

    /** Choose queries → rank them with every model → print. */
    @Override
    public Integer call() throws IOException {
        List<Path> bundles = models.stream().map(this::bundle).toList();
        var data = CelebADataset.read(dataset);
        var images = new HeldOutImages(data, split, options.home.resolve("prepared"));
        List<QuerySet> queries = images.queries(settings);
        List<ModelManifest> manifests = new ArrayList<>();
        List<ModelEvaluation> evaluations = new ArrayList<>();
        for (Path bundle : bundles) {
            var loaded = TwoTowerModel.load(bundle, TwoTowerModel.bestDevice());
            try (TwoTowerModel model = loaded.model();
                    var bar = new ProgressBar(loaded.manifest().version().value(), images.size())) {
                requireSchema(bundle, model.schema(), data.schema());
                manifests.add(loaded.manifest());
                evaluations.add(images.evaluate(name(loaded.manifest()), model, queries, settings, bar::stepTo));
            }
        }
        var random = RetrievalEvaluation.of(
                queries, new RandomRanking(images.size(), settings.seed()).ranker(), settings.depth());
        var comparison = new Comparison(data.schema(), queries, random, evaluations);
        Map<String, String> subject = new LinkedHashMap<>();
        subject.put("dataset", data.schema().name() + ", fingerprint " + data.fingerprint());
        subject.put("images", images.size() + " of the " + split + " split");
        EvaluationReport report = comparison.report(subject);
        System.out.println(report.text());
        write(report);
        if (card.isPresent()) {
            System.out.println("Model card: "
                    + ModelCard.write(
                            card.get(), manifests.getFirst(), evaluations.getFirst(), comparison, images, settings));
        }
        return 0;
    }

    private Path bundle(String model) {
        Path file = Path.of(model);
        if (Files.isRegularFile(file)) {
            return file;
        }
        var registry = new ModelRegistry(options.home.resolve("models"));
        return registry.versions().stream()
                .map(ModelVersion::value)
                .filter(model::equals)
                .map(version -> registry.bundle(new ModelVersion(version)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no file and no registered version '" + model
                        + "'; registered are " + registry.versions() + " in " + options.home.resolve("models")));
    }

    private static void requireSchema(Path bundle, AttributeSchema model, AttributeSchema data) {
        if (!model.fingerprint().equals(data.fingerprint())) {
            List<String> missing = new ArrayList<>(data.attributes());
            missing.removeAll(model.attributes());
            List<String> unlabelled = new ArrayList<>(model.attributes());
            unlabelled.removeAll(data.attributes());
            throw new IllegalStateException(
                    "model " + bundle + " and the dataset have other attributes: the model lacks "
                            + missing + ", the dataset lacks " + unlabelled
                            + (missing.isEmpty() && unlabelled.isEmpty() ? " (they differ in order)" : "")
                            + "; evaluate on a dataset of the model's attributes, or train a version on this one");
        }
    }

    private static String name(ModelManifest manifest) {
        String recipe = manifest.training().get("recipe");
        return recipe == null ? manifest.version().value() : recipe + " " + manifest.version();
    }

    private void write(EvaluationReport report) throws IOException {
        if (markdown.isPresent()) {
            Files.writeString(markdown.get(), report.markdown());
        }
        if (json.isPresent()) {
            Files.write(
                    json.get(),
                    JsonMapper.builder()
                            .enable(SerializationFeature.INDENT_OUTPUT)
                            .build()
                            .writeValueAsBytes(report.toMap()));
        }
    }
}
