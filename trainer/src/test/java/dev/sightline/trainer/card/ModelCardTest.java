package dev.sightline.trainer.card;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import dev.sightline.domain.ModelVersion;
import dev.sightline.towers.Backbone;
import dev.sightline.towers.ModelManifest;
import dev.sightline.towers.Preprocessing;
import dev.sightline.towers.TowerSettings;
import dev.sightline.towers.TrainingEpoch;
import dev.sightline.towers.TwoTowerModel;
import dev.sightline.trainer.ColourSquares;
import dev.sightline.trainer.dataset.Split;
import dev.sightline.trainer.evaluation.Comparison;
import dev.sightline.trainer.evaluation.EvaluationSettings;
import dev.sightline.trainer.evaluation.HeldOutImages;
import dev.sightline.trainer.evaluation.ModelEvaluation;
import dev.sightline.trainer.evaluation.QuerySet;
import dev.sightline.trainer.evaluation.RandomRanking;
import dev.sightline.trainer.evaluation.RetrievalEvaluation;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCardTest {
    private static final EvaluationSettings SETTINGS = new EvaluationSettings(6, 50, 12, 20, 1);
    private static final ModelVersion VERSION = new ModelVersion("v1");

    @TempDir
    Path directory;

    @Test
    void tellsWhereTheModelComesFromHowGoodItIsAndWhereItFails() throws IOException {
        String card = write(List.of(new TrainingEpoch(1, 0.9, 0.3), new TrainingEpoch(2, 0.5, 0.6)));

        assertThat(card)
                .startsWith("# Model card: v1\n")
                .contains("| dataset | 1234abcd |", "Red, Green, Blue")
                .contains("## Macro precision@10 by number of attributes asked", "| chance, expected |", "| small |")
                .contains("## small: like this one, but with or without an attribute", "replacement × 0.6")
                .contains("## The worst queries");
    }

    @Test
    void showsEveryPictureItNames() throws IOException {
        String card = write(List.of(new TrainingEpoch(1, 0.9, 0.3), new TrainingEpoch(2, 0.5, 0.6)));

        List<String> pictures = Pattern.compile("!\\[[^]]*]\\(([^)]*)\\)")
                .matcher(card)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
        assertThat(pictures).containsExactly("training.png", "precision.png", "attributes.png", "worst-queries.png");
        for (String picture : pictures) {
            BufferedImage image =
                    ImageIO.read(directory.resolve("card").resolve(picture).toFile());
            assertThat(IntStream.range(0, image.getWidth())
                            .mapToLong(x -> IntStream.range(0, image.getHeight())
                                    .filter(y -> (image.getRGB(x, y) & 0xffffff) != 0xffffff)
                                    .count())
                            .sum())
                    .as("pixels that are not white in " + picture)
                    .isGreaterThan(1_000);
        }
    }

    @Test
    void saysThatThereIsNoHistory() throws IOException {
        assertThat(write(List.of())).contains("No training history was kept.").doesNotContain("training.png");
    }

    private String write(List<TrainingEpoch> history) throws IOException {
        var images = new HeldOutImages(ColourSquares.paint(directory, 60), Split.TEST, directory.resolve("cache"));
        List<QuerySet> queries = images.queries(SETTINGS);
        Path bundle = directory.resolve("bundle");
        try (var model = TwoTowerModel.create(
                ColourSquares.SCHEMA,
                new Preprocessing(ColourSquares.SIDE),
                new TowerSettings(Backbone.SMALL_CNN, 4, 16, 16),
                1,
                Device.cpu())) {
            ModelManifest manifest =
                    model.save(bundle, VERSION, Map.of(ModelManifest.DATASET, "1234abcd"), Map.of(), history);
            ModelEvaluation evaluation = images.evaluate("small", model, queries, SETTINGS, embedded -> {});
            var random = RetrievalEvaluation.of(queries, new RandomRanking(images.size(), 1).ranker(), 12);
            var comparison = new Comparison(ColourSquares.SCHEMA, queries, random, List.of(evaluation));
            return Files.readString(
                    ModelCard.write(directory.resolve("card"), manifest, evaluation, comparison, images, SETTINGS));
        }
    }
}
