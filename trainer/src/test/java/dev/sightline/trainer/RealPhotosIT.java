package dev.sightline.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sightline.towers.TwoTowerModel;
import dev.sightline.trainer.dataset.CelebADataset;
import dev.sightline.trainer.dataset.Dataset;
import dev.sightline.trainer.dataset.Example;
import dev.sightline.trainer.dataset.PreparedImages;
import dev.sightline.trainer.dataset.Split;
import dev.sightline.trainer.evaluation.RetrievalEvaluation;
import dev.sightline.trainer.evaluation.RetrievalScore;
import dev.sightline.trainer.training.Trainer;
import dev.sightline.trainer.training.TrainingProgress;
import dev.sightline.trainer.training.TrainingRecipe;
import dev.sightline.trainer.training.TrainingSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short training on part of a dataset of photographs in CelebA's layout, named by {@code SIGHTLINE_DATASET}. */
class RealPhotosIT {
    private static final String VARIABLE = "SIGHTLINE_DATASET";

    @TempDir
    Path directory;

    private static Dataset photographs;

    @BeforeAll
    static void find() {
        String named = System.getenv().getOrDefault(VARIABLE, "");
        Assumptions.assumeTrue(
                !named.isEmpty() && Files.isDirectory(Path.of(named)),
                "SKIPPED: set " + VARIABLE + " to a folder in CelebA's layout");
        photographs = CelebADataset.read(Path.of(named));
    }

    @Test
    void aShortTrainingFindsWhatChanceDoesNot() throws InterruptedException {
        List<Example> some = new ArrayList<>();
        some.addAll(photographs.examples(Split.TRAIN).subList(0, 1_500));
        some.addAll(photographs.examples(Split.VALIDATION).subList(0, 300));
        some.addAll(photographs.examples(Split.TEST).subList(0, 500));
        var dataset = new Dataset(photographs.schema(), some);
        TrainingSettings settings =
                TrainingRecipe.DEFAULT.settings(dataset.schema(), 1_500).withEpochs(4);

        try (PreparedImages pixels = PreparedImages.open(dataset, settings.preprocessing(), directory, done -> {});
                TwoTowerModel model =
                        new Trainer(settings, directory.resolve("training"), new Quiet()).train(dataset, pixels)) {
            RetrievalEvaluation evaluation = RetrievalEvaluation.of(model, dataset, pixels, Split.TEST);

            for (RetrievalScore score : evaluation.scores()) {
                assertThat(score.queries()).isPositive();
                assertThat(score.precisionAt10())
                        .as("queries of %d attributes", score.querySize())
                        .isGreaterThan(1.5 * score.chance());
            }
        }
    }

    private static final class Quiet implements TrainingProgress {
        @Override
        public void step(long done, long total, double loss) {}

        @Override
        public void epoch(Epoch epoch) {}
    }
}
