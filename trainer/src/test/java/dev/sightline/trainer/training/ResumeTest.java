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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose process is killed goes on in another process as if nothing had happened. */
class ResumeTest {
    private static final int SIZE = 32;
    private static final int KILLED_AFTER = 2;
    private static final TrainingSettings SETTINGS = new TrainingSettings(
            new TowerSettings(Backbone.SMALL_CNN, 4, 8, 8), SIZE, 4, 16, 16, 1e-3f, 0.05f, 0.1f, 0.1f, 99, 1);

    @TempDir
    Path directory;

    @Test
    void aKilledRunEndsLikeAnUninterruptedOne() throws Exception {
        Process killed = trainInAnotherProcess();
        assertThat(killed.waitFor()).isEqualTo(KILLED_AFTER);

        Map<Integer, Double> resumed = train(directory, directory.resolve("killed"));
        Map<Integer, Double> uninterrupted = train(directory, directory.resolve("uninterrupted"));

        assertThat(resumed.keySet()).containsExactly(3, 4);
        assertThat(uninterrupted.keySet()).containsExactly(1, 2, 3, 4);
        resumed.forEach((epoch, loss) -> assertThat(loss).isCloseTo(uninterrupted.get(epoch), within(1e-3)));
    }

    @Test
    void aRunThatHasEndedIsNotRepeatedUntilForgotten() throws Exception {
        Path run = directory.resolve("run");
        train(directory, run);

        assertThat(train(directory, run)).isEmpty();
        trainer(run, new TreeMap<>()).forget();
        assertThat(train(directory, run)).hasSize(SETTINGS.epochs());
    }

    @Test
    void refusesADatasetSmallerThanABatch() {
        Dataset tiny = new Dataset(schema(), examples(directory).subList(0, 3));
        try (PreparedImages pixels = pixels(tiny, directory)) {
            assertThatThrownBy(() ->
                            trainer(directory.resolve("run"), new TreeMap<>()).train(tiny, pixels))
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

    /** Dies at once, without shutting down, when its second epoch is done. */
    static final class KilledRun {
        public static void main(String[] arguments) throws InterruptedException {
            Path directory = Path.of(arguments[0]);
            train(directory, directory.resolve("killed"), epoch -> {
                if (epoch == KILLED_AFTER) {
                    Runtime.getRuntime().halt(KILLED_AFTER);
                }
            });
        }
    }

    private static Map<Integer, Double> train(Path directory, Path run) throws InterruptedException {
        return train(directory, run, epoch -> {});
    }

    private static Map<Integer, Double> train(Path directory, Path run, java.util.function.IntConsumer afterEpoch)
            throws InterruptedException {
        Map<Integer, Double> losses = new TreeMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            public Double put(Integer epoch, Double loss) {
                Double before = super.put(epoch, loss);
                afterEpoch.accept(epoch);
                return before;
            }
        };
        Dataset dataset = new Dataset(schema(), examples(directory));
        try (PreparedImages pixels = pixels(dataset, directory)) {
            Trainer trainer = trainer(run, losses);
            trainer.train(dataset, pixels).close();
            assertThat(trainer.history())
                    .as("the part before an interruption included")
                    .extracting(TrainingEpoch::epoch)
                    .containsExactly(1, 2, 3, 4);
        }
        return losses;
    }

    private static Trainer trainer(Path run, Map<Integer, Double> losses) {
        return new Trainer(SETTINGS, run, new TrainingProgress() {
            @Override
            public void step(long done, long total, double loss) {}

            @Override
            public void epoch(int epoch, int epochs, double loss, double validation, double imagesPerSecond) {
                losses.put(epoch, loss);
            }
        });
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
