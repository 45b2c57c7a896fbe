package dev.sightline.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.ModelVersion;
import dev.sightline.faces.FaceDataset;
import dev.sightline.towers.Backbone;
import dev.sightline.towers.Preprocessing;
import dev.sightline.towers.TowerSettings;
import dev.sightline.towers.TwoTowerModel;
import dev.sightline.trainer.dataset.CelebADataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command on painted faces and untrained towers: the figures are bad, the tables whole. */
class EvaluateCommandTest {
    @TempDir
    Path directory;

    private Path faces;
    private Path bundle;
    private Exception failure = new Exception("none");

    @BeforeEach
    void paint() {
        faces = directory.resolve("faces");
        new FaceDataset(90, 10, 70, 3).write(faces, painted -> {});
        bundle = save("v1", CelebADataset.read(faces).schema());
    }

    @Test
    void writesTheSameTablesAsTextMarkdownAndJson() throws IOException {
        Path json = directory.resolve("out.json");
        Path markdown = directory.resolve("out.md");

        assertThat(run("--model", bundle.toString(), "--json", json.toString(), "--markdown", markdown.toString()))
                .as(String.valueOf(failure.getMessage()))
                .isZero();

        JsonNode tables = new ObjectMapper().readTree(json.toFile()).get("tables");
        JsonNode first = tables.get(0).get("rows");
        assertThat(first).hasSize(3);
        assertThat(first.get(0).get("ranking").asText()).isEqualTo("chance, expected");
        assertThat(first.get(2).get("ranking").asText()).isEqualTo("v1");
        assertThat(first.get(2).get("1").asDouble()).isBetween(0.0, 1.0);
        assertThat(Files.readString(markdown)).contains("| v1 |", "## Precision@10 by attribute");
    }

    @Test
    void comparesRegisteredVersionsByName() throws IOException {
        Path models = directory.resolve("home/models");
        Files.createDirectories(models);
        Files.copy(bundle, models.resolve("v7.sightline-model"));
        Path json = directory.resolve("out.json");

        assertThat(run("--model", "v7", "--model", bundle.toString(), "--json", json.toString()))
                .as(String.valueOf(failure.getMessage()))
                .isZero();

        JsonNode first =
                new ObjectMapper().readTree(json.toFile()).get("tables").get(0).get("rows");
        assertThat(first).hasSize(4);
        assertThat(first.get(2).get("3"))
                .as("the same bundle twice")
                .isEqualTo(first.get(3).get("3"));
    }

    @Test
    void saysWhichModelsThereAre() {
        assertThat(run("--model", "nowhere")).isEqualTo(1);
        assertThat(failure)
                .hasMessageContaining("no registered version 'nowhere'")
                .hasMessageContaining("models");
    }

    @Test
    void namesTheAttributesThatDiffer() {
        Path other = save("v2", new AttributeSchema("fashion", List.of("Male", "Striped")));

        assertThat(run("--model", other.toString())).isEqualTo(1);
        assertThat(failure)
                .hasMessageContaining("the model lacks [")
                .hasMessageContaining("Smiling")
                .hasMessageContaining("the dataset lacks [Striped]");
    }

    private int run(String... arguments) {
        var command = new CommandLine(new EvaluateCommand());
        command.setCaseInsensitiveEnumValuesAllowed(true);
        command.setExecutionExceptionHandler((thrown, line, parsed) -> {
            failure = thrown;
            return 1;
        });
        String[] all = new String[arguments.length + 4];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        System.arraycopy(
                new String[] {
                    "--dataset",
                    faces.toString(),
                    "--home",
                    directory.resolve("home").toString()
                },
                0,
                all,
                arguments.length,
                4);
        return command.execute(all);
    }

    private Path save(String version, AttributeSchema schema) {
        Path file = directory.resolve(version + ".bundle");
        try (var model = TwoTowerModel.create(
                schema, new Preprocessing(32), new TowerSettings(Backbone.SMALL_CNN, 4, 64, 16), 1, Device.cpu())) {
            model.save(file, new ModelVersion(version), Map.of(), Map.of());
        }
        return file;
    }
}
