package dev.sightline.towers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.sightline.domain.AttributeQuery;
import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.Embedding;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TowerDesignTest {
    private static final AttributeSchema SCHEMA = new AttributeSchema("three", List.of("Male", "Smiling", "Young"));
    private static final int SIZE = 32;

    @ParameterizedTest
    @EnumSource
    void everyDesignEndsInUnitVectorsOfOneDimension(TowerDesign design) {
        try (TwoTowerModel model = create(design, 20, false)) {
            Embedding image = model.imageEmbedder().embed(List.of(image(1))).getFirst();
            Embedding query = model.queryEmbedder().embed(AttributeQuery.of(List.of("Male"), List.of("Young")));

            assertThat(image.dimension()).isEqualTo(20);
            assertThat(query.dimension()).isEqualTo(20);
            assertThat(image.score(image)).isCloseTo(1, within(1e-5f));
            assertThat(query.score(query)).isCloseTo(1, within(1e-5f));
        }
    }

    /** Room for exactly the attributes, for more beside them, and for one float over. */
    @ParameterizedTest
    @ValueSource(ints = {7, 13, 14})
    void theScoreIsTheSumOfLogProbabilities(int dimension) {
        float[] logits = {2, -1, 0.5f, 3, -3, 1};
        int experts = LogProbabilities.experts(dimension);
        try (NDManager manager = NDManager.newBaseManager()) {
            float[] image = LogProbabilities.ofImages(
                            manager.create(java.util.Arrays.copyOf(logits, experts), new Shape(1, experts)), dimension)
                    .toFloatArray();
            float[] query = LogProbabilities.ofQueries(
                            manager.create(new float[] {1, -1, 0}, new Shape(1, 3)), dimension)
                    .toFloatArray();

            double score = Embedding.ofUnit(image).score(Embedding.ofUnit(query));
            double expected = logSigmoid(2) + logSigmoid(1); // the second is excluded: log σ(−(−1))

            assertThat(score * LogProbabilities.scale(dimension) * Math.sqrt(2)).isCloseTo(expected, within(1e-4));
            assertThat(LogProbabilities.probability(Embedding.ofUnit(query)).applyAsDouble(score))
                    .isCloseTo(Math.exp(expected / 2), within(1e-4));
        }
    }

    @Test
    void extremeLogitsStillMakeUnitVectors() {
        try (NDManager manager = NDManager.newBaseManager()) {
            float[] image = LogProbabilities.ofImages(
                            manager.create(new float[] {1e6f, -1e6f, 100}, new Shape(1, 3)), 7)
                    .toFloatArray();

            assertThat(Embedding.ofUnit(image).dimension()).isEqualTo(7);
        }
    }

    /** Untrained, and with all parameters of the perceptron a hundred times as large: however far training drives it. */
    @ParameterizedTest
    @CsvSource({"1, 0.8, 1.25", "100, 0.249, 4.01"})
    void aLearnedQueryWeighsWhatIsAskedAndNothingElse(int factor, float least, float most) {
        try (TwoTowerModel model = create(TowerDesign.LOG_PROBABILITIES, 7, false)) {
            model.queryTower()
                    .getParameters()
                    .forEach(parameter -> parameter.getValue().getArray().muli(factor));
            // [Male, Smiling, Young] required, the same excluded, padding
            float[] query = model.queryEmbedder()
                    .embed(AttributeQuery.of(List.of("Male"), List.of("Young")))
                    .toArray();
            float others = Math.abs(query[1]) + Math.abs(query[2]) + Math.abs(query[3]) + Math.abs(query[4]);

            assertThat(others + Math.abs(query[6])).isZero();
            assertThat(query[0] / query[5]).isBetween(least, most);
            assertThat(factor > 1 || query[0] != query[5])
                    .as("weighs them differently")
                    .isTrue();
        }
    }

    @Test
    void theClassicQueryTowerDoesNotHearExclusions() {
        try (TwoTowerModel model = create(TowerDesign.CLASSIC, 20, false)) {
            QueryEmbedder queries = model.queryEmbedder();

            assertThat(queries.embed(AttributeQuery.of(List.of("Male"), List.of("Young"))))
                    .isEqualTo(queries.embed(AttributeQuery.of(List.of("Male"), List.of())));
        }
    }

    @Test
    void aMirroredEmbeddingIsThatOfTheImageAndOfItsMirrorImage() {
        try (TwoTowerModel plain = create(TowerDesign.LOG_PROBABILITIES, 13, false);
                TwoTowerModel mirrored = create(TowerDesign.LOG_PROBABILITIES, 13, true)) {
            float[] one =
                    plain.imageEmbedder().embed(List.of(image(1))).getFirst().toArray();
            float[] other = plain.imageEmbedder()
                    .embed(List.of(mirror(image(1))))
                    .getFirst()
                    .toArray();
            float[] sum = new float[one.length];
            for (int i = 0; i < sum.length; i++) {
                sum[i] = one[i] + other[i];
            }
            ImageEmbedder embedder = mirrored.imageEmbedder();

            assertThat(one).isNotEqualTo(other);
            assertThat(embedder.embed(List.of(image(1))).getFirst().toArray())
                    .containsExactly(Embedding.normalised(sum).toArray(), within(1e-5f));
            assertThat(embedder.embed(List.of(mirror(image(1)))).getFirst().toArray())
                    .containsExactly(
                            embedder.embed(List.of(image(1))).getFirst().toArray(), within(1e-5f));
        }
    }

    @Test
    void refusesAnEmbeddingWithoutRoomForTheAttributes() {
        assertThatThrownBy(() -> create(TowerDesign.LOG_PROBABILITIES, 6, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("6 floats has no room for 3 attributes; it needs 7 or more");
    }

    @Test
    void parametersAreOnlyTakenOverFromTheSameTowers() {
        try (TwoTowerModel one = create(TowerDesign.LOG_PROBABILITIES, 13, false);
                TwoTowerModel other = create(TowerDesign.LOG_PROBABILITIES, 15, false)) {
            assertThatThrownBy(() -> one.copyParametersOf(other))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("embeddingDimension=15");
        }
    }

    private static TwoTowerModel create(TowerDesign design, int dimension, boolean mirrored) {
        return TwoTowerModel.create(
                SCHEMA,
                new Preprocessing(SIZE, mirrored),
                new TowerSettings(Backbone.SMALL_CNN, 8, design, dimension, 16),
                7,
                Device.cpu());
    }

    private static double logSigmoid(double logit) {
        return -Math.log1p(Math.exp(-logit));
    }

    private static byte[] image(long seed) {
        byte[] pixels = new byte[3 * SIZE * SIZE];
        new Random(seed).nextBytes(pixels);
        return pixels;
    }

    private static byte[] mirror(byte[] pixels) {
        byte[] mirrored = new byte[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            mirrored[i] = pixels[i - i % SIZE + SIZE - 1 - i % SIZE];
        }
        return mirrored;
    }
}
