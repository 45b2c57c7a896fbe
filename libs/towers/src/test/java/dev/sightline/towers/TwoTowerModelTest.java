package dev.sightline.towers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import dev.sightline.domain.AttributeQuery;
import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.ContentHash;
import dev.sightline.domain.Embedding;
import dev.sightline.domain.ModelVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TwoTowerModelTest {
    private static final AttributeSchema SCHEMA = new AttributeSchema("three", List.of("Male", "Smiling", "Young"));
    private static final Preprocessing PREPROCESSING = new Preprocessing(32);
    private static final AttributeQuery QUERY = AttributeQuery.of(List.of("Male"), List.of("Young"));
    private static final ModelVersion VERSION = new ModelVersion("v1");

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TORCHSCRIPT")
    void bothTowersEndInUnitVectorsOfTheSameDimension(Backbone backbone) {
        try (var model = create(backbone)) {
            List<Embedding> images = model.imageEmbedder().embed(List.of(image(1), image(2)));

            assertThat(images).hasSize(2).doesNotHaveDuplicates();
            assertThat(images.getFirst().dimension()).isEqualTo(24);
            assertThat(model.queryEmbedder().embed(QUERY).dimension()).isEqualTo(24);
        }
    }

    @Test
    void anImagesEmbeddingDoesNotDependOnItsBatch() {
        try (var model = create(Backbone.RESNET18)) {
            ImageEmbedder embedder = model.imageEmbedder();
            Embedding alone = embedder.embed(List.of(image(7))).getFirst();
            Embedding among =
                    embedder.embed(List.of(image(1), image(7), image(3))).get(1);

            assertSame(among, alone);
        }
    }

    @Test
    void theSameSeedGivesTheSameModel() {
        try (var one = create(Backbone.SMALL_CNN);
                var other = create(Backbone.SMALL_CNN)) {
            assertSame(
                    one.imageEmbedder().embed(List.of(image(1))).getFirst(),
                    other.imageEmbedder().embed(List.of(image(1))).getFirst());
        }
    }

    @Test
    void embedsTheSameAfterLoadingInAnotherProcess() throws Exception {
        Path bundle = directory.resolve("model");
        List<Embedding> before;
        try (var model = create(Backbone.RESNET18)) {
            model.save(bundle, VERSION, Map.of("epochs", "1"), Map.of("precisionAt10.1", 0.9));
            before = List.of(
                    model.imageEmbedder().embed(List.of(image(5))).getFirst(),
                    model.queryEmbedder().embed(QUERY));
        }
        Process other = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OtherProcess.class.getName(),
                        bundle.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<Embedding> after = new String(
                        other.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("embedding "))
                .map(line -> parse(line.substring("embedding ".length())))
                .toList();

        assertThat(other.waitFor()).isZero();
        assertSame(after.get(0), before.get(0));
        assertSame(after.get(1), before.get(1));
    }

    /** Loads a bundle and prints what it embeds. */
    static final class OtherProcess {
        public static void main(String[] arguments) {
            try (var model =
                    TwoTowerModel.load(Path.of(arguments[0]), Device.cpu()).model()) {
                Stream.of(
                                model.imageEmbedder().embed(List.of(image(5))).getFirst(),
                                model.queryEmbedder().embed(QUERY))
                        .forEach(embedding -> System.out.println("embedding " + print(embedding)));
            }
        }
    }

    @Test
    void theManifestSurvives() {
        Path bundle = save();
        try (var model = TwoTowerModel.load(bundle, SCHEMA, Device.cpu()).model()) {
            ModelManifest manifest = TwoTowerModel.load(bundle, Device.cpu()).manifest();

            assertThat(manifest.version()).isEqualTo(VERSION);
            assertThat(manifest.metrics()).containsEntry("precisionAt10.1", 0.5);
            assertThat(model.schema()).isEqualTo(SCHEMA);
            assertThat(model.preprocessing()).isEqualTo(PREPROCESSING);
        }
    }

    @Test
    void theHistorySurvivesAndABundleWithoutOneHasNone() {
        Path bundle = directory.resolve("model");
        var history = List.of(new TrainingEpoch(1, 0.7, 0.4), new TrainingEpoch(2, 0.5, 0.6));
        try (var model = create(Backbone.SMALL_CNN)) {
            model.save(bundle, VERSION, Map.of(), Map.of(), history);
        }
        assertThat(manifest(bundle).history()).isEqualTo(history);
        assertThat(manifest(save()).history()).isEmpty();
    }

    @Test
    void aManifestWrittenBeforeHistoryWasKeptIsStillRead() throws IOException {
        Path bundle = save();
        withoutHistory(bundle);

        assertThat(manifest(bundle).history()).isEmpty();
        assertThat(manifest(bundle).metrics()).containsEntry("precisionAt10.1", 0.5);
    }

    /** Takes the history out and seals the bundle again, as an earlier release would have written it. */
    private static void withoutHistory(Path bundle) throws IOException {
        try (var zip = java.nio.file.FileSystems.newFileSystem(bundle)) {
            Path manifest = zip.getPath("manifest.json");
            String before = Files.readString(manifest);
            String after = before.replaceAll("\"history\" : \\[[^]]*\\],", "");
            assertThat(after).isNotEqualTo(before);
            Files.writeString(manifest, after);
            var sums = new StringBuilder();
            for (String name : List.of("manifest.json", "image-tower.params", "query-tower.params")) {
                sums.append(ContentHash.of(Files.readAllBytes(zip.getPath(name))))
                        .append("  ")
                        .append(name)
                        .append('\n');
            }
            Files.writeString(zip.getPath("SHA256SUMS"), sums);
        }
    }

    private static ModelManifest manifest(Path bundle) {
        TwoTowerModel.Loaded loaded = TwoTowerModel.load(bundle, Device.cpu());
        loaded.model().close();
        return loaded.manifest();
    }

    @Test
    void refusesATruncatedBundle() throws IOException {
        Path bundle = save();
        byte[] whole = Files.readAllBytes(bundle);
        Files.write(bundle, Arrays.copyOf(whole, whole.length * 2 / 3));

        assertRefused(bundle, "truncated or damaged");
    }

    @Test
    void refusesAnAlteredBundle() throws IOException {
        Path bundle = save();
        byte[] bytes = Files.readAllBytes(bundle);
        bytes[bytes.length / 2] ^= 1;
        Files.write(bundle, bytes);

        assertRefused(bundle, "truncated or damaged");
    }

    @Test
    void refusesAnotherFormatVersion() throws IOException {
        Path bundle = save();
        try (var zip = java.nio.file.FileSystems.newFileSystem(bundle)) {
            Path manifest = zip.getPath("manifest.json");
            Files.writeString(
                    manifest, Files.readString(manifest).replace("\"formatVersion\" : 2", "\"formatVersion\" : 99"));
        }

        assertRefused(bundle, "has format 99, but this release reads format 2");
    }

    @Test
    void refusesAnotherSchema() {
        Path bundle = save();
        var other = new AttributeSchema("fashion", List.of("Striped"));

        assertThatThrownBy(() -> TwoTowerModel.load(bundle, other, Device.cpu()))
                .isInstanceOf(UnusableBundleException.class)
                .hasMessageContaining("schema 'three'")
                .hasMessageContaining("'fashion'");
    }

    @Test
    void saysWhereItLookedForAMissingBundle() {
        assertRefused(directory.resolve("nowhere"), "there is no model bundle");
    }

    private static void assertRefused(Path bundle, String message) {
        assertThatThrownBy(() -> TwoTowerModel.load(bundle, Device.cpu()))
                .isInstanceOf(UnusableBundleException.class)
                .hasMessageContaining(message)
                .hasMessageContaining(bundle.toString());
    }

    private Path save() {
        Path bundle = directory.resolve("model");
        try (var model = create(Backbone.SMALL_CNN)) {
            model.save(bundle, VERSION, Map.of(), Map.of("precisionAt10.1", 0.5));
        }
        return bundle;
    }

    private static TwoTowerModel create(Backbone backbone) {
        return TwoTowerModel.create(SCHEMA, PREPROCESSING, new TowerSettings(backbone, 8, 24, 16), 7, Device.cpu());
    }

    private static byte[] image(long seed) {
        byte[] pixels = new byte[PREPROCESSING.byteCount()];
        new Random(seed).nextBytes(pixels);
        return pixels;
    }

    private static void assertSame(Embedding actual, Embedding expected) {
        assertThat(actual.toArray()).containsExactly(expected.toArray(), within(1e-6f));
    }

    private static String print(Embedding embedding) {
        float[] values = embedding.toArray();
        return Stream.iterate(0, i -> i < values.length, i -> i + 1)
                .map(i -> Float.toString(values[i]))
                .collect(Collectors.joining(","));
    }

    private static Embedding parse(String line) {
        String[] parts = line.split(",");
        float[] values = new float[parts.length];
        for (int i = 0; i < parts.length; i++) {
            values[i] = Float.parseFloat(parts[i]);
        }
        return Embedding.ofUnit(values);
    }
}
