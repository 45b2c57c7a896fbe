package dev.sightline.trainer.registry;

import dev.sightline.domain.ModelVersion;
import dev.sightline.towers.ModelManifest;
import dev.sightline.towers.TrainingEpoch;
import dev.sightline.towers.TwoTowerModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Model bundles in a directory, one file a version, never changed once written. */
public final class ModelRegistry {
    private static final String SUFFIX = ".sightline-model";
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("'v'yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);

    private final Path directory;

    public ModelRegistry(Path directory) {
        this.directory = directory;
    }

    /** Registers a trained model under a new version. */
    public ModelManifest add(
            TwoTowerModel model,
            Map<String, String> training,
            Map<String, Double> metrics,
            List<TrainingEpoch> history) {
        var version = new ModelVersion(NAME.format(Instant.now()));
        return model.save(bundle(version), version, training, metrics, history);
    }

    /** Where a version's bundle lies, or would. */
    public Path bundle(ModelVersion version) {
        return directory.resolve(version.value() + SUFFIX).toAbsolutePath();
    }

    /** Where what was found about versions before they served is kept. */
    public Path evidence() {
        return directory.resolve("evidence");
    }

    /** What a version's bundle says of it. @throws UnusableBundleException if it is missing or damaged */
    public ModelManifest manifest(ModelVersion version) {
        return TwoTowerModel.manifest(bundle(version));
    }

    /** All versions, oldest first. */
    public List<ModelVersion> versions() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> new ModelVersion(name.substring(0, name.length() - SUFFIX.length())))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list models in " + directory, e);
        }
    }
}
