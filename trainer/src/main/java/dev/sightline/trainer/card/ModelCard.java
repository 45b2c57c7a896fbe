package dev.sightline.trainer.card;

import dev.sightline.towers.ModelManifest;
import dev.sightline.trainer.evaluation.Comparison;
import dev.sightline.trainer.evaluation.EvaluationReport;
import dev.sightline.trainer.evaluation.EvaluationSettings;
import dev.sightline.trainer.evaluation.HeldOutImages;
import dev.sightline.trainer.evaluation.ModelEvaluation;
import dev.sightline.trainer.evaluation.ReportTable;
import dev.sightline.trainer.evaluation.RetrievalEvaluation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A model card (Mitchell et al., "Model Cards for Model Reporting", FAT* 2019) as one folder: {@code model-card.md} and the
 * PNGs it shows.
 */
public final class ModelCard {
    private static final String FILE = "model-card.md";
    private static final int WORST = 8;

    private ModelCard() {}

    /**
     * Writes the card.
     *
     * @param evaluation of this model on {@code images}
     * @return where {@code model-card.md} lies
     * @throws IOException if the folder cannot be written or an image not be read
     */
    public static Path write(
            Path folder,
            ModelManifest manifest,
            ModelEvaluation evaluation,
            Comparison comparison,
            HeldOutImages images,
            EvaluationSettings settings)
            throws IOException {
        Files.createDirectories(folder);
        RetrievalEvaluation retrieval = evaluation.retrieval();
        boolean curves = !manifest.history().isEmpty();
        if (curves) {
            Plots.training(manifest.history(), folder.resolve("training.png"));
        }
        Plots.precision(retrieval, settings.depth(), folder.resolve("precision.png"));
        Plots.attributes(retrieval.byAttribute(manifest.schema().attributes()), folder.resolve("attributes.png"));
        WorstQueries.write(retrieval.worst(WORST), images, folder.resolve("worst-queries.png"));
        Path card = folder.resolve(FILE);
        Files.writeString(card, text(manifest, curves, images, comparison));
        return card;
    }

    private static String text(ModelManifest manifest, boolean curves, HeldOutImages images, Comparison comparison) {
        var text = new StringBuilder("# Model card: " + manifest.version() + "\n\n");
        text.append("Finds images by their attributes: an image tower (")
                .append(manifest.towers())
                .append(", pixels ")
                .append(manifest.preprocessing().inputSize())
                .append(" a side) and a query tower share one embedding space.\n\n");
        text.append(table("Trained on", training(manifest)));
        text.append("\nAttributes: ")
                .append(String.join(", ", manifest.schema().attributes()))
                .append(".\n\n");
        text.append(curves ? "![Loss and validation](training.png)\n\n" : "No training history was kept.\n\n");
        EvaluationReport report = comparison.report(Map.of("held-out images", Integer.toString(images.size())));
        text.append(report.markdown());
        text.append("\n![Precision by depth](precision.png)\n\nBeyond as many places as a query has relevant images,"
                + " precision must fall.\n");
        text.append("\n![Precision by attribute](attributes.png)\n");
        text.append("\n## The worst queries\n\n![Worst queries](worst-queries.png)\n\n"
                + "By precision@10 below chance; results that answer are framed green, others red.\n");
        return text.toString();
    }

    private static Map<String, String> training(ModelManifest manifest) {
        Map<String, String> facts = new TreeMap<>(manifest.training());
        facts.put("createdAt", manifest.createdAt().toString());
        return facts;
    }

    private static String table(String title, Map<String, String> facts) {
        List<List<Object>> rows = facts.entrySet().stream()
                .map(fact -> List.<Object>of(fact.getKey(), fact.getValue()))
                .toList();
        return new ReportTable(title, List.of("setting", "value"), rows, "").markdown();
    }
}
