package dev.sightline.trainer.training;

import ai.djl.ndarray.NDList;
import dev.sightline.domain.ModelVersion;
import dev.sightline.towers.TrainingEpoch;
import dev.sightline.towers.TwoTowerModel;
import dev.sightline.towers.UnusableBundleException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a run stood after its latest epoch. The bundle is written last and carries where the moments lie, so a run that
 * dies while writing goes on from the checkpoint before.
 */
final class Checkpoints {
    private static final ModelVersion VERSION = new ModelVersion("checkpoint");
    private static final String LATEST = "latest";

    private final Path directory;
    private final String fingerprint;

    Checkpoints(Path directory, String fingerprint) {
        this.directory = directory;
        this.fingerprint = fingerprint;
    }

    /** Where a run goes on. @param epoch the last one finished; @param best its best validation score so far */
    record Progress(
            TwoTowerModel model,
            int epoch,
            long steps,
            double best,
            int bestEpoch,
            List<TrainingEpoch> history,
            Path moments) {}

    /** The checkpoint of a run on the same data with the same settings, if there is one. */
    Optional<Progress> latest(ai.djl.Device device) {
        Path file = directory.resolve(LATEST);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        TwoTowerModel.Loaded loaded;
        try {
            loaded = TwoTowerModel.load(file, device);
        } catch (UnusableBundleException e) {
            return Optional.empty();
        }
        Map<String, Double> metrics = loaded.manifest().metrics();
        if (!fingerprint.equals(loaded.manifest().training().get("fingerprint"))) {
            loaded.model().close();
            return Optional.empty();
        }
        int epoch = metrics.getOrDefault("epoch", 0.0).intValue();
        return Optional.of(new Progress(
                loaded.model(),
                epoch,
                metrics.getOrDefault("steps", 0.0).longValue(),
                metrics.getOrDefault("best", -1.0),
                metrics.getOrDefault("bestEpoch", 0.0).intValue(),
                loaded.manifest().history(),
                moments(epoch)));
    }

    void write(
            int epoch, TwoTowerModel model, AdamW optimiser, double best, int bestEpoch, List<TrainingEpoch> history) {
        try {
            Files.createDirectories(directory);
            try (var output = Files.newOutputStream(moments(epoch))) {
                optimiser.moments().encode(output);
            }
            model.save(
                    directory.resolve(LATEST),
                    VERSION,
                    Map.of("fingerprint", fingerprint),
                    Map.of(
                            "epoch", (double) epoch,
                            "steps", (double) optimiser.steps(),
                            "best", best,
                            "bestEpoch", (double) bestEpoch),
                    history);
            Files.deleteIfExists(moments(epoch - 1));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write a checkpoint to " + directory, e);
        }
    }

    void restore(Progress progress, AdamW optimiser) {
        try (var input = Files.newInputStream(progress.moments());
                var scope = progress.model().manager().newSubManager()) {
            optimiser.restore(progress.steps(), NDList.decode(scope, input));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot read the checkpoint in " + directory + "; delete it to start over", e);
        }
    }

    static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete the finished run in " + directory, e);
        }
    }

    Path best() {
        return directory.resolve("best");
    }

    private Path moments(int epoch) {
        return directory.resolve("moments-" + epoch);
    }
}
