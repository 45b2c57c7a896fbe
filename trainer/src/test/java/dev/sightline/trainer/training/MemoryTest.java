package dev.sightline.trainer.training;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.djl.Device;
import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.Label;
import dev.sightline.towers.Backbone;
import dev.sightline.towers.ImageEmbedder;
import dev.sightline.towers.Preprocessing;
import dev.sightline.towers.TowerSettings;
import dev.sightline.towers.TwoTowerModel;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A thousand steps leave nothing behind in native memory. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "asks glibc's mallinfo2")
class MemoryTest {
    /** Places of {@code hblkhd} and {@code uordblks} in glibc's {@code struct mallinfo2}. */
    private static final int IN_MAPPINGS = 4;

    private static final int IN_ARENAS = 7;
    private static final int STEPS = 1_000;
    private static final int WARM_UP = 200;
    private static final int ATTRIBUTES = 5;
    private static final int IMAGES = 16;
    private static final AttributeSchema SCHEMA = new AttributeSchema(
            "five",
            IntStream.range(0, ATTRIBUTES).mapToObj(a -> "Attribute" + a).toList());
    private static final TowerSettings TOWERS = new TowerSettings(Backbone.SMALL_CNN, 8, 31, 32);
    private static final TrainingSettings SETTINGS = new TrainingSettings(
            TrainingRecipe.DEFAULT,
            TOWERS,
            new Preprocessing(32),
            RankingLoss.SMOOTH_TRIPLET.objective(TOWERS),
            new Optimisation.AdamWithCosine(1e-3f, 0.05f),
            Augmentation.Strength.NONE,
            new TrainingSettings.Schedule(1, IMAGES, 0.99f, 1));

    /** Were the pixels of one in ten steps kept (0.2 MB each), 800 steps would add 16 MB. */
    private static final long ALLOWED_GROWTH_BYTES = 8L << 20;

    @ParameterizedTest
    @MethodSource("optimisations")
    void nativeMemoryDoesNotGrow(Optimisation optimisation) {
        try (TwoTowerModel model = create();
                TwoTowerModel average = create()) {
            train(SETTINGS, optimisation, model, average);
        }
    }

    @Test
    void norDoesItWithAPretrainedBackbone() {
        TrainingSettings settings = SETTINGS.withBackbone(BackboneStartTest.TINY);
        try (TwoTowerModel model = create(settings);
                TwoTowerModel average = create(settings)) {
            train(settings, settings.optimisation(), model, average);
        }
    }

    @Test
    void anEmbedderLeavesNothingBehind() {
        try (TwoTowerModel model = create()) {
            List<byte[]> images = batch().images();
            assertFlat(() -> {
                try (ImageEmbedder embedder = model.imageEmbedder()) {
                    embedder.embed(images);
                }
            });
        }
    }

    private static void train(
            TrainingSettings settings, Optimisation optimisation, TwoTowerModel model, TwoTowerModel average) {
        try (Optimiser optimiser = optimisation.start(model.manager(), Trainer.named(model))) {
            var step = new TrainingStep(settings, model);
            var averaging = new WeightAverage(model, average, 0.99f);
            Batches.Batch batch = batch();
            assertFlat(() -> {
                step.backward(batch);
                optimiser.step(1e-4);
                averaging.update(optimiser.steps());
            });
        }
    }

    private static void assertFlat(Runnable step) {
        long before = 0;
        for (int i = 0; i < STEPS; i++) {
            if (i == WARM_UP) {
                before = nativeBytes();
            }
            step.run();
        }
        long start = before;
        await().untilAsserted(() -> assertThat(nativeBytes() - start).isLessThan(ALLOWED_GROWTH_BYTES));
    }

    private static TwoTowerModel create() {
        return TwoTowerModel.create(SCHEMA, SETTINGS.preprocessing(), TOWERS, 1, Device.cpu());
    }

    private static TwoTowerModel create(TrainingSettings settings) {
        return TwoTowerModel.create(
                SCHEMA,
                settings.preprocessing(),
                settings.towers(),
                settings.start().torchScript().orElseThrow(),
                1,
                Device.cpu());
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
        QueryBatch queries = new QuerySampler(labels, ATTRIBUTES, 64, QueryDistribution.DEFAULT).sample(labels, random);
        return new Batches.Batch(images, labels, queries);
    }

    /** What malloc has handed out and not got back, in all arenas; buffers that Java no longer needs are freed first. */
    private static long nativeBytes() {
        System.gc();
        try (Arena arena = Arena.ofConfined()) {
            var linker = Linker.nativeLinker();
            MethodHandle mallinfo = linker.downcallHandle(
                    linker.defaultLookup().find("mallinfo2").orElseThrow(),
                    FunctionDescriptor.of(MemoryLayout.structLayout(MemoryLayout.sequenceLayout(10, JAVA_LONG))));
            var info = (MemorySegment) mallinfo.invokeExact((SegmentAllocator) arena);
            return info.getAtIndex(JAVA_LONG, IN_MAPPINGS) + info.getAtIndex(JAVA_LONG, IN_ARENAS);
        } catch (Throwable e) {
            throw new IllegalStateException("cannot ask malloc", e);
        }
    }

    private static List<Optimisation> optimisations() {
        return List.of(
                new Optimisation.AdamWithCosine(1e-3f, 0.05f), new Optimisation.SgdWithSteps(0.1f, 1e-4f, 0.9f, 5));
    }
}
