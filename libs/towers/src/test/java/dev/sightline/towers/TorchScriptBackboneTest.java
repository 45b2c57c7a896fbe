package dev.sightline.towers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.Embedding;
import dev.sightline.domain.ModelVersion;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The modules come from {@code src/test/torchscript/tiny_trunk.py}. */
class TorchScriptBackboneTest {
    private static final AttributeSchema SCHEMA = new AttributeSchema("three", List.of("Male", "Smiling", "Young"));
    private static final Preprocessing PREPROCESSING = new Preprocessing(32).normalisedAsImageNet();
    private static final ModelVersion VERSION = new ModelVersion("v1");

    @TempDir
    Path directory;

    @Test
    void aPooledModuleAndOurHeadAreAnImageTower() {
        try (TwoTowerModel model = create()) {
            List<Embedding> embeddings = model.imageEmbedder().embed(List.of(image(1), image(2)));

            assertThat(embeddings).hasSize(2).doesNotHaveDuplicates();
            assertThat(embeddings.getFirst().dimension()).isEqualTo(24);
            assertThat(model.backboneParameters())
                    .as("3 × (weight, gamma, beta)")
                    .hasSize(9);
        }
    }

    @Test
    void aBundleHoldsTheModuleWithTheWeightsItHasNow() {
        Path bundle = directory.resolve("model");
        Embedding pretrained;
        Embedding before;
        try (TwoTowerModel model = create()) {
            pretrained = embedding(model);
            scaleWeights(model, 1.5f);
            before = embedding(model);
            model.save(bundle, VERSION, Map.of(), Map.of());
        }
        try (TwoTowerModel model = TwoTowerModel.load(bundle, Device.cpu()).model()) {
            assertThat(before.toArray()).isNotEqualTo(pretrained.toArray());
            assertThat(embedding(model).toArray()).containsExactly(before.toArray(), within(1e-6f));
            assertThat(model.settings()).isEqualTo(settings());
            assertThat(model.preprocessing()).isEqualTo(PREPROCESSING);
        }
    }

    @Test
    void refusesABundleWhoseModuleWasAltered() throws IOException {
        Path bundle = directory.resolve("model");
        try (TwoTowerModel model = create()) {
            model.save(bundle, VERSION, Map.of(), Map.of());
        }
        try (var zip = FileSystems.newFileSystem(bundle)) {
            Files.copy(file("token_trunk.pt").path(), zip.getPath("other"));
            Files.delete(zip.getPath("backbone.pt"));
            Files.move(zip.getPath("other"), zip.getPath("backbone.pt"));
        }
        assertThatThrownBy(() -> TwoTowerModel.load(bundle, Device.cpu()))
                .isInstanceOf(UnusableBundleException.class)
                .hasMessageContaining("truncated or damaged");
    }

    @Test
    void parametersAreCopiedAndNotShared() {
        try (TwoTowerModel one = create();
                TwoTowerModel other = create()) {
            Embedding untouched = embedding(other);
            scaleWeights(one, 1.5f);

            assertThat(embedding(other).toArray()).containsExactly(untouched.toArray());
            other.copyParametersOf(one);
            assertThat(embedding(other).toArray())
                    .containsExactly(embedding(one).toArray(), within(1e-6f));
            scaleWeights(one, 2);
            assertThat(embedding(other).toArray()).isNotEqualTo(embedding(one).toArray());
        }
    }

    @Test
    void saysWhereItLookedForAMissingFile() {
        assertThatThrownBy(() -> TorchScriptFile.at(directory.resolve("nowhere.pt")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there is no TorchScript file")
                .hasMessageContaining("nowhere.pt")
                .hasMessageContaining("export_backbone.py");
    }

    @Test
    void refusesWhatIsNotTorchScript() throws IOException {
        Path file = Files.writeString(directory.resolve("words.pt"), "no module");

        assertRefused(TorchScriptFile.at(file), 32, "words.pt: this is not a TorchScript module");
    }

    @Test
    void refusesAModuleThatGivesSomethingElse() {
        assertRefused(file("token_trunk.pt"), 32, "(2, 16, 4)");
    }

    @Test
    void refusesAnImageSizeTheModuleCannotTake() {
        assertRefused(file("sized_trunk.pt"), 48, "export it for this size");
    }

    @Test
    void refusesAFileThatChangedSinceItWasNamed() throws IOException {
        Path file = Files.copy(file("tiny_trunk.pt").path(), directory.resolve("tiny.pt"));
        TorchScriptFile named = TorchScriptFile.at(file);
        Files.writeString(file, "something else");

        assertRefused(named, 32, "has changed");
    }

    private static void assertRefused(TorchScriptFile file, int size, String message) {
        var preprocessing = new Preprocessing(size);
        TowerSettings towers = new TowerSettings(Backbone.SMALL_CNN, 8, 24, 16).on(file.sha256());
        assertThatThrownBy(() -> TwoTowerModel.create(SCHEMA, preprocessing, towers, file, 7, Device.cpu()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message)
                .hasMessageContaining(file.path().toString());
    }

    /** By an operation in place, as optimisers do. */
    private static void scaleWeights(TwoTowerModel model, float factor) {
        NDArray weights = model.backboneParameters().getFirst().getArray();
        weights.muli(factor);
    }

    private static Embedding embedding(TwoTowerModel model) {
        try (ImageEmbedder embedder = model.imageEmbedder()) {
            return embedder.embed(List.of(image(5))).getFirst();
        }
    }

    private static TwoTowerModel create() {
        return TwoTowerModel.create(SCHEMA, PREPROCESSING, settings(), file("tiny_trunk.pt"), 7, Device.cpu());
    }

    private static TowerSettings settings() {
        return new TowerSettings(Backbone.SMALL_CNN, 8, TowerDesign.CLASSIC, 24, 16)
                .on(file("tiny_trunk.pt").sha256());
    }

    private static TorchScriptFile file(String name) {
        return TorchScriptFile.at(Path.of("src/test/resources", name));
    }

    private static byte[] image(long seed) {
        byte[] pixels = new byte[PREPROCESSING.byteCount()];
        new Random(seed).nextBytes(pixels);
        return pixels;
    }
}
