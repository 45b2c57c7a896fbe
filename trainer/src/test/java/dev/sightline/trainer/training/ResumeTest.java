package dev.sightline.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.Label;
import dev.sightline.towers.Backbone;
import dev.sightline.towers.Preprocessing;
import dev.sightline.towers.TowerSettings;
import dev.sightline.towers.TrainingEpoch;
import dev.sightline.trainer.dataset.Dataset;
import dev.sightline.trainer.dataset.Example;
import dev.sightline.trainer.dataset.Photo;
import dev.sightline.trainer.dataset.PreparedImages;
import dev.sightline.trainer.dataset.Split;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose process is killed goes on in another process as if nothing had happened. */
class ResumeTest {
    private static final int SIZE = 32;
    /** In the middle of the second of four epochs of three steps, with a checkpoint after every step. */
    private static final int KILLED_AFTER = 5;

    private static final TowerSettings TOWERS = new TowerSettings(Backbone.SMALL_CNN, 4, 9, 8);
    private static final TrainingSettings SETTINGS = new TrainingSettings(
            TrainingRecipe.DEFAULT,
            TOWERS,
            new Preprocessing(SIZE),
            RankingLoss.SMOOTH_TRIPLET.objective(TOWERS),
            new Optimisation.AdamWithCosine(1e-3f, 0.05f),
            Augmentation.Strength.STRONG,
            new TrainingSettings.Schedule(4, 16, 0.9f, 1));

    @TempDir
    Path directory;

    @Test
    void aRunKilledAtAnyStepEndsLikeAnUninterruptedOne() throws Exception {
        Process killed = trainInAnotherProcess();
        assertThat(killed.waitFor()).isEqualTo(KILLED_AFTER);

        Recording resumed = train(directory, directory.resolve("killed"));
        Recording uninterrupted = train(directory, directory.resolve("uninterrupted"));

        assertThat(resumed.steps())
                .as("goes on with the step that was lost")
                .startsWith(5L)
                .hasSize(8);
        assertThat(resumed.epochs()).hasSize(3);
        assertThat(uninterrupted.epochs()).hasSize(4);
        for (int i = 0; i < 3; i++) {
            TrainingProgress.Epoch expected = uninterrupted.epochs().get(i + 1);
            TrainingProgress.Epoch actual = resumed.epochs().get(i);
            assertThat(actual.number()).isEqualTo(expected.number());
            assertThat(actual.loss()).isCloseTo(expected.loss(), within(1e-4));
            assertThat(actual.validation()).isCloseTo(expected.validation(), within(1e-6));
        }
    }

    @Test
    void theSameSeedGivesTheSameRun() throws Exception {
        Recording one = train(directory, directory.resolve("one"));
        Recording other = train(directory, directory.resolve("other"));

        assertThat(other.epochs().stream().map(TrainingProgress.Epoch::loss))
                .containsExactlyElementsOf(
                        one.epochs().stream().map(TrainingProgress.Epoch::loss).toList());
    }

    @Test
    void aRunThatHasEndedIsNotRepeatedUntilForgotten() throws Exception {
        Path run = directory.resolve("run");
        train(directory, run);

        assertThat(train(directory, run).epochs()).isEmpty();
        new Trainer(SETTINGS, run, new Recording()).forget();
        assertThat(train(directory, run).epochs()).hasSize(SETTINGS.schedule().epochs());
    }

    @Test
    void refusesADatasetSmallerThanABatch() {
        Dataset tiny = new Dataset(schema(), examples(directory).subList(0, 3));
        try (PreparedImages pixels = pixels(tiny, directory)) {
            assertThatThrownBy(
                            () -> new Trainer(SETTINGS, directory.resolve("run"), new Recording()).train(tiny, pixels))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("one batch of 16 images");
        }
    }

    private Process trainInAnotherProcess() throws IOException {
        var builder = new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                KilledRun.class.getName(),
                directory.toString());
        return builder.inheritIO().start();
    }

    /** Dies at once, without shutting down, in its fifth step, before that one's checkpoint is written. */
    static final class KilledRun {
        public static void main(String[] arguments) throws InterruptedException {
            Path directory = Path.of(arguments[0]);
            train(directory, directory.resolve("killed"), new Recording() {
                @Override
                public void step(long done, long total, double loss) {
                    if (done == KILLED_AFTER) {
                        Runtime.getRuntime().halt(KILLED_AFTER);
                    }
                }
            });
        }
    }

    private static class Recording implements TrainingProgress {
        private final List<Long> steps = new ArrayList<>();
        private final List<Epoch> epochs = new ArrayList<>();

        @Override
        public void step(long done, long total, double loss) {
            steps.add(done);
        }

        @Override
        public void epoch(Epoch epoch) {
            epochs.add(epoch);
        }

        List<Long> steps() {
            return steps;
        }

        List<Epoch> epochs() {
            return epochs;
        }
    }

    private static Recording train(Path directory, Path run) throws InterruptedException {
        var recording = new Recording();
        train(directory, run, recording);
        return recording;
    }

    private static void train(Path directory, Path run, Recording recording) throws InterruptedException {
        Dataset dataset = new Dataset(schema(), examples(directory));
        try (PreparedImages pixels = pixels(dataset, directory)) {
            var trainer = new Trainer(SETTINGS, run, recording, Duration.ZERO);
            trainer.train(dataset, pixels).close();
            assertThat(trainer.history())
                    .as("the part before an interruption included")
                    .extracting(TrainingEpoch::epoch)
                    .containsExactly(1, 2, 3, 4);
        }
    }

    private static PreparedImages pixels(Dataset dataset, Path directory) {
        return PreparedImages.open(dataset, new Preprocessing(SIZE), directory.resolve("cache"), done -> {});
    }

    private static AttributeSchema schema() {
        return new AttributeSchema("colours", List.of("Red", "Green", "Blue"));
    }

    /** Plain squares whose label is their colour. */
    private static List<Example> examples(Path directory) {
        var random = new Random(1);
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            byte[] label = new byte[3];
            int rgb = 0;
            for (int channel = 0; channel < 3; channel++) {
                label[channel] = random.nextBoolean() ? Label.PRESENT : Label.ABSENT;
                rgb = rgb << 8 | (label[channel] == Label.PRESENT ? 200 : 20);
            }
            Path file = directory.resolve(i + ".png");
            write(rgb, file);
            examples.add(new Example(new Photo.InFile(file), Label.of(label), i < 50 ? Split.TRAIN : Split.VALIDATION));
        }
        return examples;
    }

    private static void write(int rgb, Path file) {
        var image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
        int[] row = new int[SIZE * SIZE];
        java.util.Arrays.fill(row, rgb);
        image.setRGB(0, 0, SIZE, SIZE, row, 0, SIZE);
        try {
            ImageIO.write(image, "png", file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
