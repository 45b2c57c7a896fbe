package dev.sightline.towers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.Embedding;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FoldedTowerTest {
    private static final AttributeSchema SCHEMA = new AttributeSchema("two", List.of("Male", "Smiling"));
    private static final Preprocessing PREPROCESSING = new Preprocessing(48);
    private static final List<byte[]> IMAGES =
            LongStream.range(0, 6).mapToObj(FoldedTowerTest::image).toList();

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TORCHSCRIPT")
    void embedsAsTheTowerItWasFoldedFrom(Backbone backbone) {
        try (TwoTowerModel model = create(backbone)) {
            vary(model, 1);
            List<Embedding> expected = unfolded(model);

            List<Embedding> actual = model.imageEmbedder().embed(IMAGES);

            assertThat(expected.get(0).toArray()).isNotEqualTo(expected.get(1).toArray());
            for (int i = 0; i < IMAGES.size(); i++) {
                assertThat(actual.get(i).toArray())
                        .containsExactly(expected.get(i).toArray(), within(1e-5f));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SMALL_CNN", "RESNET18"})
    void theNextEmbedderSeesWeightsThatChanged(Backbone backbone) {
        try (TwoTowerModel model = create(backbone)) {
            Embedding before = model.imageEmbedder().embed(IMAGES).getFirst();
            vary(model, 2);
            Embedding after = model.imageEmbedder().embed(IMAGES).getFirst();

            assertThat(after.toArray()).isNotEqualTo(before.toArray());
            assertThat(after.toArray())
                    .containsExactly(unfolded(model).getFirst().toArray(), within(1e-5f));
        }
    }

    @ParameterizedTest
    @EnumSource(names = "SMALL_CNN")
    void aClosedEmbedderLeavesTheModelAndOthersAtWork(Backbone backbone) {
        try (TwoTowerModel model = create(backbone)) {
            ImageEmbedder other = model.imageEmbedder();
            List<Embedding> expected = other.embed(IMAGES);
            model.imageEmbedder().close();

            assertThat(other.embed(IMAGES)).isEqualTo(expected);
            assertThat(model.imageEmbedder().embed(IMAGES)).isEqualTo(expected);
        }
    }

    private static List<Embedding> unfolded(TwoTowerModel model) {
        try (var embedder = new ImageEmbedder(model.manager().newSubManager(), model.imageTower(), PREPROCESSING)) {
            return embedder.embed(IMAGES);
        }
    }

    /** Norms as training leaves them: no scale is 1, no shift is 0. */
    private static void vary(TwoTowerModel model, int seed) {
        var random = new Random(seed);
        for (Parameter parameter : model.backboneParameters()) {
            float[] range = switch (parameter.getType()) {
                case GAMMA -> new float[] {0.5f, 1.5f};
                case BETA, RUNNING_MEAN -> new float[] {-0.4f, 0.4f};
                case RUNNING_VAR -> new float[] {0.3f, 3};
                default -> new float[0];
            };
            if (range.length > 0) {
                float[] values = new float[Math.toIntExact(parameter.getArray().size())];
                for (int i = 0; i < values.length; i++) {
                    values[i] = random.nextFloat(range[0], range[1]);
                }
                try (NDArray varied =
                        model.manager().create(values, parameter.getArray().getShape())) {
                    varied.copyTo(parameter.getArray());
                }
            }
        }
    }

    private static TwoTowerModel create(Backbone backbone) {
        var towers = new TowerSettings(backbone, 8, TowerDesign.CLASSIC, 24, 16);
        return TwoTowerModel.create(SCHEMA, PREPROCESSING, towers, 7, Device.cpu());
    }

    private static byte[] image(long seed) {
        byte[] pixels = new byte[PREPROCESSING.byteCount()];
        new Random(seed).nextBytes(pixels);
        return pixels;
    }
}
