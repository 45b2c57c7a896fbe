package dev.sightline.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.Label;
import dev.sightline.towers.Backbone;
import dev.sightline.towers.Preprocessing;
import dev.sightline.towers.TowerSettings;
import dev.sightline.towers.TwoTowerModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A thousand steps leave nothing behind in native memory. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "reads the resident memory from /proc")
class MemoryTest {
    private static final int STEPS = 1_000;
    private static final int WARM_UP = 200;
    private static final int ATTRIBUTES = 5;
    private static final int IMAGES = 16;
    private static final TowerSettings TOWERS = new TowerSettings(Backbone.SMALL_CNN, 8, 31, 32);
    private static final TrainingSettings SETTINGS = new TrainingSettings(
            TrainingRecipe.DEFAULT,
            TOWERS,
            new Preprocessing(32),
            RankingLoss.SMOOTH_TRIPLET.objective(TOWERS),
            new Optimisation.AdamWithCosine(1e-3f, 0.05f),
            Augmentation.Strength.NONE,
            1,
            IMAGES,
            0.99f,
            1);

    /**
     * A step makes some 3 MB of arrays; were the pixels of one in ten steps kept (0.2 MB each), 800 steps would add 20 MB.
     */
    private static final long ALLOWED_GROWTH_BYTES = 16L << 20;

    @Test
    void residentMemoryDoesNotGrow() throws IOException {
        var schema = new AttributeSchema(
                "five",
                IntStream.range(0, ATTRIBUTES).mapToObj(a -> "Attribute" + a).toList());
        try (TwoTowerModel model = create(schema);
                TwoTowerModel average = create(schema);
                Optimiser optimiser = SETTINGS.optimisation().start(model.manager(), Trainer.named(model))) {
            var step = new TrainingStep(SETTINGS, model);
            var averaging = new WeightAverage(model, average, 0.99f);
            Batches.Batch batch = batch();
            long before = 0;
            for (int i = 0; i < STEPS; i++) {
                if (i == WARM_UP) {
                    before = residentBytes();
                }
                step.backward(batch);
                optimiser.step(1e-4);
                averaging.update(optimiser.steps());
            }
            assertThat(residentBytes() - before).isLessThan(ALLOWED_GROWTH_BYTES);
        }
    }

    private static TwoTowerModel create(AttributeSchema schema) {
        return TwoTowerModel.create(schema, SETTINGS.preprocessing(), TOWERS, 1, Device.cpu());
    }

    private static Batches.Batch batch() {
        var random = new Random(1);
        List<byte[]> images = IntStream.range(0, IMAGES)
                .mapToObj(i -> {
                    byte[] pixels = new byte[SETTINGS.preprocessing().byteCount()];
                    random.nextBytes(pixels);
                    return pixels;
                })
                .toList();
        List<Label> labels = IntStream.range(0, IMAGES)
                .mapToObj(i -> {
                    byte[] values = new byte[ATTRIBUTES];
                    for (int a = 0; a < ATTRIBUTES; a++) {
                        values[a] = random.nextBoolean() ? Label.PRESENT : Label.ABSENT;
                    }
                    return Label.of(values);
                })
                .toList();
        QueryBatch queries = new QuerySampler(labels, ATTRIBUTES, 64).sample(labels, random);
        return new Batches.Batch(images, labels, queries);
    }

    /** Garbage on the Java heap is not what is measured: its pages stay resident once touched, so collect first. */
    private static long residentBytes() throws IOException {
        System.gc();
        String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ");
        return Long.parseLong(pages[1]) * 4096;
    }
}
