package dev.sightline.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sightline.domain.ModelVersion;
import dev.sightline.faces.FaceDataset;
import dev.sightline.towers.Backbone;
import dev.sightline.towers.Preprocessing;
import dev.sightline.towers.TowerSettings;
import dev.sightline.towers.TwoTowerModel;
import dev.sightline.trainer.dataset.CelebADataset;
import dev.sightline.trainer.dataset.Dataset;
import dev.sightline.trainer.dataset.PreparedImages;
import dev.sightline.trainer.dataset.Split;
import dev.sightline.trainer.evaluation.RetrievalEvaluation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrainerTest {
    private static final TowerSettings TOWERS = new TowerSettings(Backbone.SMALL_CNN, 16, 65, 64);
    private static final TrainingSettings SETTINGS = new TrainingSettings(
            TrainingRecipe.DEFAULT,
            TOWERS,
            new Preprocessing(48),
            RankingLoss.SMOOTH_TRIPLET.objective(TOWERS),
            new Optimisation.AdamWithCosine(4e-3f, 0.01f),
            Augmentation.Strength.MILD,
            new TrainingSettings.Schedule(6, 32, 0.9f, 3));

    @TempDir
    static Path shared;

    private static Dataset dataset;

    @TempDir
    Path directory;

    @BeforeAll
    static void paint() {
        new FaceDataset(700, 100, 200, 5).write(shared.resolve("faces"), done -> {});
        dataset = CelebADataset.read(shared.resolve("faces"));
    }

    @Test
    void aTrainedModelFindsWhatAnUntrainedOneDoesNot() throws InterruptedException {
        try (PreparedImages pixels = pixels();
                TwoTowerModel untrained = TwoTowerModel.create(
                        dataset.schema(), new Preprocessing(48), SETTINGS.towers(), 1, TwoTowerModel.bestDevice());
                TwoTowerModel trained = new Trainer(SETTINGS, directory, silent()).train(dataset, pixels)) {
            RetrievalEvaluation before = RetrievalEvaluation.of(untrained, dataset, pixels, Split.TEST);
            RetrievalEvaluation after = RetrievalEvaluation.of(trained, dataset, pixels, Split.TEST);

            assertThat(before.scores().getFirst().precisionAt10())
                    .as("an untrained tower scores like chance")
                    .isCloseTo(before.scores().getFirst().chance(), within(0.15));
            assertThat(after.scores().getFirst().precisionAt10())
                    .isGreaterThan(before.scores().getFirst().precisionAt10() + 0.2);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CLASSIC", "LOGISTIC"})
    void theBaselinesLearnToo(TrainingRecipe recipe) throws InterruptedException {
        TrainingSettings published = recipe.settings(dataset.schema(), 700);
        TowerSettings small = new TowerSettings(
                Backbone.SMALL_CNN,
                16,
                published.towers().design(),
                published.towers().embeddingDimension(),
                published.towers().queryHidden());
        TrainingSettings settings = new TrainingSettings(
                recipe,
                small,
                new Preprocessing(48),
                published.objective(),
                published.optimisation(),
                published.augmentation(),
                new TrainingSettings.Schedule(6, 32, 0, 3));
        try (PreparedImages pixels = pixels();
                TwoTowerModel trained = new Trainer(settings, directory, silent()).train(dataset, pixels)) {
            RetrievalEvaluation after = RetrievalEvaluation.of(trained, dataset, pixels, Split.TEST);

            assertThat(after.scores().getFirst().precisionAt10())
                    .isGreaterThan(after.scores().getFirst().chance() + 0.05);
        }
    }

    @Test
    void anyThreadCanTrain() throws InterruptedException {
        assertThat(TwoTowerModel.bestDevice()).as("the engine runs").isNotNull();
        List<Double> losses = new ArrayList<>();
        try (PreparedImages pixels = pixels();
                var thread = Executors.newSingleThreadExecutor()) {
            assertThatCode(() -> thread.submit(
                                    () -> new Trainer(SETTINGS.withEpochs(1), directory, recording(losses, 99))
                                            .train(dataset, pixels))
                            .get()
                            .close())
                    .doesNotThrowAnyException();
        }
        assertThat(losses).hasSize(1);
    }

    @Test
    void aWarmStartGoesOnFromTheWeightsOfABundle() throws InterruptedException {
        Path bundle = directory.resolve("before.sightline-model");
        List<Double> cold = new ArrayList<>();
        List<Double> warm = new ArrayList<>();
        try (PreparedImages pixels = pixels()) {
            try (TwoTowerModel model =
                    new Trainer(SETTINGS, directory.resolve("cold"), recording(cold, 99)).train(dataset, pixels)) {
                model.save(bundle, new ModelVersion("before"), Map.of(), Map.of());
            }
            new Trainer(SETTINGS.withEpochs(1), directory.resolve("warm"), recording(warm, 99))
                    .train(dataset, pixels, Optional.of(bundle))
                    .close();
        }
        assertThat(warm.getFirst()).isLessThan(cold.getFirst());
    }

    @Test
    void anInterruptedRunGoesOnToTheSameResult() throws InterruptedException {
        TrainingSettings settings = SETTINGS.withEpochs(3);
        try (PreparedImages pixels = pixels()) {
            List<Double> straight = new ArrayList<>();
            new Trainer(settings, directory.resolve("straight"), recording(straight, 99))
                    .train(dataset, pixels)
                    .close();

            List<Double> resumed = new ArrayList<>();
            assertThatThrownBy(() -> new Trainer(settings, directory.resolve("resumed"), recording(resumed, 2))
                            .train(dataset, pixels))
                    .hasMessage("power cut");
            new Trainer(settings, directory.resolve("resumed"), recording(resumed, 99))
                    .train(dataset, pixels)
                    .close();

            assertThat(resumed).hasSameSizeAs(straight);
            for (int i = 0; i < straight.size(); i++) {
                assertThat(resumed.get(i)).isCloseTo(straight.get(i), within(1e-2));
            }
        }
    }

    private PreparedImages pixels() {
        return PreparedImages.open(dataset, new Preprocessing(48), shared.resolve("prepared"), done -> {});
    }

    private static TrainingProgress silent() {
        return recording(new ArrayList<>(), 99);
    }

    /** Records the loss of each epoch, and fails at the first step of epoch {@code failing}. */
    private static TrainingProgress recording(List<Double> losses, int failing) {
        return new TrainingProgress() {
            @Override
            public void step(long done, long total, double loss) {
                if (losses.size() + 1 == failing) {
                    throw new IllegalStateException("power cut");
                }
            }

            @Override
            public void epoch(Epoch epoch) {
                losses.add(epoch.loss());
            }
        };
    }
}
