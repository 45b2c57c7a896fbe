package dev.sightline.trainer.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sightline.domain.AttributeQuery;
import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.ContentHash;
import dev.sightline.domain.Embedding;
import dev.sightline.domain.ImageId;
import dev.sightline.domain.ImageMetadata;
import dev.sightline.domain.ModelState;
import dev.sightline.domain.ModelVersion;
import dev.sightline.events.ModelStateChanged;
import dev.sightline.index.InMemoryVectorIndex;
import dev.sightline.index.IndexedImage;
import dev.sightline.towers.Backbone;
import dev.sightline.towers.Preprocessing;
import dev.sightline.towers.TowerSettings;
import dev.sightline.towers.TwoTowerModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueryReplayTest {
    private static final int DIMENSION = 8;
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
    private static final List<AttributeQuery> QUERIES = IntStream.range(0, 10)
            .mapToObj(i -> i % 2 == 0
                    ? AttributeQuery.of(List.of("Male"), List.of())
                    : AttributeQuery.of(List.of("Hat"), List.of("Male")))
            .toList();

    @TempDir
    Path directory;

    private final InMemoryVectorIndex index = new InMemoryVectorIndex();

    @Test
    void theSameModelOnTheSameImagesPasses() throws IOException {
        ModelStateChanged one = version("one", 1, List.of("Male", "Hat"), 0, 40);
        ModelStateChanged same = version("same", 1, List.of("Male", "Hat"), 0, 40);

        CutoverGuard.Verdict verdict = guard(new GuardLimits(5, 1, 0, 0.001)).judge(one, same);

        assertThat(verdict.passed()).as(verdict.why()).isTrue();
        JsonNode evidence = evidence();
        assertThat(evidence.get("meanOverlapAt10").asDouble()).isEqualTo(1);
        assertThat(evidence.get("scoreDistance").asDouble()).isEqualTo(0);
        assertThat(evidence.get("queries")).hasSize(10);
    }

    @Test
    void otherImagesOnTopAreABreachWithItsFigures() throws IOException {
        ModelStateChanged one = version("one", 1, List.of("Male", "Hat"), 0, 40);
        ModelStateChanged other = version("other", 1, List.of("Male", "Hat"), 100, 140);

        CutoverGuard.Verdict verdict = guard(new GuardLimits(5, 0.5, 0, 2)).judge(one, other);

        assertThat(verdict.passed()).isFalse();
        assertThat(verdict.why())
                .contains("overlap@10 is 0.000, at least 0.500 is wanted", "evidence/other-", "with force");
        assertThat(evidence().get("breaches")).hasSize(1);
    }

    @Test
    void anEmptyCollectionIsABreachOfOverlapAndScores() {
        ModelStateChanged one = version("one", 1, List.of("Male", "Hat"), 0, 40);
        ModelStateChanged empty = version("empty", 1, List.of("Male", "Hat"), 0, 0);

        CutoverGuard.Verdict verdict = guard(new GuardLimits(5, 0.1, 0, 0.1)).judge(one, empty);

        assertThat(verdict.why()).contains("overlap@10 is 0.000", "the median score falls by");
    }

    @Test
    void queriesTheNewVersionCannotAnswerAreCounted() {
        ModelStateChanged one = version("one", 1, List.of("Male", "Hat"), 0, 40);
        ModelStateChanged fewer = version("fewer", 1, List.of("Male", "Smiling"), 0, 40);

        assertThat(guard(new GuardLimits(5, 0, 0.4, 2)).judge(one, fewer).why())
                .contains("5 of 10 queries name an attribute it lacks, at most 40 % may");
        assertThat(guard(new GuardLimits(5, 0, 0.5, 2)).judge(one, fewer).passed())
                .isTrue();
    }

    @Test
    void fewQueriesJudgeNothing() {
        ModelStateChanged one = version("one", 1, List.of("Male", "Hat"), 0, 40);
        ModelStateChanged other = version("other", 1, List.of("Male", "Hat"), 100, 140);

        assertThat(guard(new GuardLimits(11, 1, 0, 0)).judge(one, other).passed())
                .isTrue();
    }

    @Test
    void theDistanceOfScoresIsTheLargestGapOfTheirDistributions() {
        assertThat(GuardEvidence.distance(List.of(1.0, 2.0, 3.0, 4.0), List.of(3.0, 4.0, 5.0, 6.0)))
                .isCloseTo(0.5, within(1e-9));
        assertThat(GuardEvidence.distance(List.of(1.0), List.of(2.0))).isEqualTo(1);
        assertThat(GuardEvidence.quantiles(
                        IntStream.rangeClosed(0, 10).mapToObj(i -> (double) i).toList()))
                .containsExactlyInAnyOrderEntriesOf(Map.of("p10", 1.0, "p50", 5.0, "p90", 9.0));
    }

    private QueryReplay guard(GuardLimits limits) {
        return new QueryReplay(index, "s", limits, () -> QUERIES, directory.resolve("evidence"), new ManualClock());
    }

    private JsonNode evidence() throws IOException {
        try (var files = Files.list(directory.resolve("evidence"))) {
            return new ObjectMapper().readTree(files.findFirst().orElseThrow().toFile());
        }
    }

    /** A version whose collection holds the images of these ordinals. */
    private ModelStateChanged version(String name, long seed, List<String> attributes, int from, int to) {
        Path bundle = directory.resolve(name + ".sightline-model");
        try (var model = TwoTowerModel.create(
                new AttributeSchema(name, attributes),
                new Preprocessing(32),
                new TowerSettings(Backbone.SMALL_CNN, 8, DIMENSION, 8),
                seed,
                TwoTowerModel.bestDevice())) {
            model.save(bundle, new ModelVersion(name), Map.of(), Map.of());
        }
        index.createCollection("s_" + name, DIMENSION);
        index.upsert(
                "s_" + name,
                IntStream.range(from, to).mapToObj(QueryReplayTest::image).toList());
        return new ModelStateChanged(
                new ModelVersion(name), ModelState.ACTIVE, bundle.toUri(), DIMENSION, "trained", NOON);
    }

    private static IndexedImage image(int ordinal) {
        float[] vector = new float[DIMENSION];
        vector[ordinal % DIMENSION] = 1;
        vector[(ordinal + 1) % DIMENSION] = ordinal / 200f;
        String id = "image-" + ordinal;
        return new IndexedImage(
                new ImageId(id),
                ContentHash.of(id.getBytes(StandardCharsets.UTF_8)),
                Embedding.normalised(vector),
                ordinal,
                new ImageMetadata("test", NOON, 1, 1, Map.of()),
                NOON);
    }
}
