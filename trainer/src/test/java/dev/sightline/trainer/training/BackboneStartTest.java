package dev.sightline.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.nn.Parameter;
import dev.sightline.domain.ModelVersion;
import dev.sightline.faces.FaceDataset;
import dev.sightline.towers.Backbone;
import dev.sightline.towers.Preprocessing;
import dev.sightline.towers.TorchScriptFile;
import dev.sightline.towers.TowerSettings;
import dev.sightline.towers.TwoTowerModel;
import dev.sightline.trainer.dataset.CelebADataset;
import dev.sightline.trainer.dataset.Dataset;
import dev.sightline.trainer.dataset.PreparedImages;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Backbones that come with weights: they learn, stay as they are while frozen, and survive checkpoints. */
class BackboneStartTest {
    static final TorchScriptFile TINY = TorchScriptFile.at(Path.of("../libs/towers/src/test/resources/tiny_trunk.pt"));

    private static final TowerSettings TOWERS = new TowerSettings(Backbone.SMALL_CNN, 8, 65, 32);
    private static final TrainingSettings OWN = new TrainingSettings(
            TrainingRecipe.DEFAULT,
            TOWERS,
            new Preprocessing(32),
            RankingLoss.SMOOTH_TRIPLET.objective(TOWERS),
            new Optimisation.AdamWithCosine(4e-3f, 0.01f),
            Augmentation.Strength.NONE,
            new TrainingSettings.Schedule(1, 16, 0, 3));
    private static final TrainingSettings PRETRAINED = OWN.withBackbone(TINY);

    @TempDir
    static Path shared;

    private static Dataset dataset;

    @TempDir
    Path directory;

    @BeforeAll
    static void paint() {
        new FaceDataset(96, 24, 0, 5).write(shared.resolve("faces"), done -> {});
        dataset = CelebADataset.read(shared.resolve("faces"));
    }

    @Test
    void aPretrainedBackboneLearnsWithTheRest() throws InterruptedException {
        List<Double> losses = new ArrayList<>();
        try (TwoTowerModel trained = train(PRETRAINED.withEpochs(4), recording(losses, 99), Optional.empty())) {
            assertThat(losses.getLast()).isLessThan(losses.getFirst());
            assertThat(weights(trained)).isNotEqualTo(untrained(PRETRAINED));
        }
    }

    @ParameterizedTest
    @MethodSource("starts")
    void aFrozenBackboneStaysAsItIs(TrainingSettings settings) throws InterruptedException {
        List<Double> losses = new ArrayList<>();
        TrainingSettings frozen = settings.withEpochs(2).withFrozenEpochs(2);
        try (TwoTowerModel trained = train(frozen, recording(losses, 99), Optional.empty())) {
            assertThat(weights(trained)).isEqualTo(untrained(settings));
            assertThat(losses.getLast()).as("the head learns").isLessThan(losses.getFirst());
        }
    }

    @ParameterizedTest
    @MethodSource("starts")
    void itLearnsOnceItIsFreeAgain(TrainingSettings settings) throws InterruptedException {
        try (TwoTowerModel model = create(settings);
                Optimiser optimiser = settings.optimisation().start(model.manager(), Trainer.named(model))) {
            var step = new TrainingStep(settings, model);
            List<Float> before = weights(model);
            Gradients.stopRecording();
            try (PreparedImages pixels = pixels();
                    var batches = new Batches(
                            dataset, pixels, settings, QuerySource.of(settings.objective(), dataset), 1, 0)) {
                batches.start();
                step.freezeBackbone(true);
                step.backward(batches.take());
                optimiser.step(1e-3);
                assertThat(weights(model)).isEqualTo(before);

                step.freezeBackbone(false);
                step.backward(batches.take());
                optimiser.step(1e-3);
                assertThat(weights(model)).isNotEqualTo(before);
            }
        }
    }

    @Test
    void anInterruptedRunGoesOnToTheSameResult() throws InterruptedException {
        TrainingSettings settings = PRETRAINED.withEpochs(3).withFrozenEpochs(1);
        List<Double> straight = new ArrayList<>();
        train(settings, recording(straight, 99), Optional.empty()).close();
        new Trainer(settings, directory.resolve("run"), recording(straight, 99)).forget();

        List<Double> resumed = new ArrayList<>();
        assertThatThrownBy(() -> train(settings, recording(resumed, 3), Optional.empty()))
                .hasMessage("power cut");
        train(settings, recording(resumed, 99), Optional.empty()).close();

        assertThat(resumed).hasSize(3);
        for (int i = 0; i < 3; i++) {
            assertThat(resumed.get(i)).isCloseTo(straight.get(i), within(1e-3));
        }
    }

    @Test
    void aWarmStartTakesOverTheTrainedBackbone() throws InterruptedException {
        Path bundle = directory.resolve("before");
        List<Float> before;
        try (TwoTowerModel trained =
                train(PRETRAINED.withEpochs(2), recording(new ArrayList<>(), 99), Optional.empty())) {
            before = weights(trained);
            trained.save(bundle, new ModelVersion("before"), Map.of(), Map.of());
        }
        try (TwoTowerModel warm =
                train(PRETRAINED.withFrozenEpochs(1), recording(new ArrayList<>(), 99), Optional.of(bundle))) {
            assertThat(weights(warm)).isEqualTo(before);
        }
    }

    @Test
    void aFrozenRunIsAnotherRun() {
        assertThat(OWN.withFrozenEpochs(1)).isNotEqualTo(OWN);
        assertThat(OWN.withFrozenEpochs(1).describe()).containsEntry("frozenEpochs", "1");
        assertThat(PRETRAINED.describe().get("backbone"))
                .startsWith("tiny_trunk.pt")
                .endsWith(TINY.sha256().hex());
    }

    private TwoTowerModel train(TrainingSettings settings, TrainingProgress progress, Optional<Path> warmStart)
            throws InterruptedException {
        try (PreparedImages pixels = pixels()) {
            return new Trainer(settings, directory.resolve("run"), progress).train(dataset, pixels, warmStart);
        }
    }

    private static PreparedImages pixels() {
        return PreparedImages.open(dataset, new Preprocessing(32), shared.resolve("prepared"), done -> {});
    }

    private static List<Float> untrained(TrainingSettings settings) {
        try (TwoTowerModel model = create(settings)) {
            return weights(model);
        }
    }

    private static TwoTowerModel create(TrainingSettings settings) {
        var schema = dataset.schema();
        return settings.start()
                .torchScript()
                .map(file -> TwoTowerModel.create(
                        schema,
                        settings.preprocessing(),
                        settings.towers(),
                        file,
                        settings.schedule().seed(),
                        Device.cpu()))
                .orElseGet(() -> TwoTowerModel.create(
                        schema,
                        settings.preprocessing(),
                        settings.towers(),
                        settings.schedule().seed(),
                        Device.cpu()));
    }

    /** Running statistics of our own backbones included. */
    private static List<Float> weights(TwoTowerModel model) {
        List<Float> weights = new ArrayList<>();
        for (Parameter parameter : model.backboneParameters()) {
            for (float value : parameter.getArray().toFloatArray()) {
                weights.add(value);
            }
        }
        return weights;
    }

    private static List<TrainingSettings> starts() {
        return List.of(OWN, PRETRAINED);
    }

    /** Records the loss of each epoch, and fails in the middle of epoch {@code failing}. */
    private static TrainingProgress recording(List<Double> losses, int failing) {
        return new TrainingProgress() {
            @Override
            public void step(long done, long total, double loss) {
                if (losses.size() + 1 == failing && done % 6 == 3) {
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
