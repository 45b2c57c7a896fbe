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
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * Where a run stands. Each checkpoint is a folder of its own; a small file that names the latest is replaced last, so a run
 * that dies while writing goes on from the checkpoint before.
 */
final class Checkpoints {
    private static final ModelVersion VERSION = new ModelVersion("checkpoint");
    private static final String LATEST = "latest.properties";

    private final Path directory;
    private final String fingerprint;

    /** @param fingerprint of the data and settings; checkpoints of another run are not gone on from */
    Checkpoints(Path directory, String fingerprint) {
        this.directory = directory;
        this.fingerprint = fingerprint;
    }

    /**
     * How far a run is.
     *
     * @param epoch the one under way, 1-based; one more than there are when the run has ended
     * @param batch the next of that epoch, 0-based
     * @param lossSum over the batches of that epoch so far
     * @param best the best validation score so far
     */
    record Position(int epoch, int batch, long steps, double lossSum, double best) {
        static final Position START = new Position(1, 0, 0, 0, -1);
    }

    /** What a run goes on from. */
    record Checkpoint(Position position, Path folder) {
        Path weights() {
            return folder.resolve("weights");
        }

        Path average() {
            return folder.resolve("average");
        }

        Path moments() {
            return folder.resolve("moments");
        }
    }

    /** The latest checkpoint of a run on the same data with the same settings, if there is one. */
    Optional<Checkpoint> latest() {
        Path file = directory.resolve(LATEST);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        var properties = new Properties();
        try (var input = Files.newBufferedReader(file)) {
            properties.load(input);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + "; delete it to start over", e);
        }
        if (!fingerprint.equals(properties.getProperty("fingerprint"))) {
            return Optional.empty();
        }
        var position = new Position(
                Integer.parseInt(properties.getProperty("epoch")),
                Integer.parseInt(properties.getProperty("batch")),
                Long.parseLong(properties.getProperty("steps")),
                Double.parseDouble(properties.getProperty("lossSum")),
                Double.parseDouble(properties.getProperty("best")));
        return Optional.of(new Checkpoint(position, folder(position)));
    }

    /** Puts weights, their average and the optimiser where {@code checkpoint} has them; returns the epochs before it. */
    static List<TrainingEpoch> restore(
            Checkpoint checkpoint, TwoTowerModel model, TwoTowerModel average, Optimiser optimiser) {
        List<TrainingEpoch> history = read(checkpoint.weights(), model);
        read(checkpoint.average(), average);
        try (var input = Files.newInputStream(checkpoint.moments());
                var scope = model.manager().newSubManager()) {
            optimiser.restore(checkpoint.position().steps(), NDList.decode(scope, input));
            return history;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot read the checkpoint " + checkpoint.folder() + "; delete it to start over", e);
        }
    }

    private static List<TrainingEpoch> read(Path bundle, TwoTowerModel into) {
        TwoTowerModel.Loaded saved;
        try {
            saved = TwoTowerModel.load(bundle, into.device());
        } catch (UnusableBundleException e) {
            throw new UncheckedIOException(
                    "cannot read the checkpoint " + bundle + "; delete the run's folder to start over",
                    new IOException(e));
        }
        try (TwoTowerModel model = saved.model()) {
            into.copyParametersOf(model);
            return saved.manifest().history();
        }
    }

    void write(
            Position position,
            TwoTowerModel model,
            TwoTowerModel average,
            Optimiser optimiser,
            List<TrainingEpoch> history) {
        var checkpoint = new Checkpoint(position, folder(position));
        try {
            Files.createDirectories(checkpoint.folder());
            model.save(checkpoint.weights(), VERSION, Map.of(), Map.of(), history);
            average.save(checkpoint.average(), VERSION, Map.of(), Map.of());
            try (var output = Files.newOutputStream(checkpoint.moments())) {
                optimiser.moments().encode(output);
            }
            name(position);
            deleteAllBut(checkpoint.folder());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write a checkpoint to " + directory, e);
        }
    }

    private void name(Position position) throws IOException {
        var properties = new Properties();
        properties.setProperty("fingerprint", fingerprint);
        properties.setProperty("epoch", Integer.toString(position.epoch()));
        properties.setProperty("batch", Integer.toString(position.batch()));
        properties.setProperty("steps", Long.toString(position.steps()));
        properties.setProperty("lossSum", Double.toString(position.lossSum()));
        properties.setProperty("best", Double.toString(position.best()));
        Path temporary = directory.resolve(LATEST + ".writing");
        try (var output = Files.newBufferedWriter(temporary)) {
            properties.store(output, "the latest checkpoint of a training run");
        }
        Files.move(
                temporary,
                directory.resolve(LATEST),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private void deleteAllBut(Path folder) throws IOException {
        try (Stream<Path> folders = Files.list(directory)) {
            for (Path other : folders.filter(Files::isDirectory).toList()) {
                if (!other.equals(folder)) {
                    delete(other);
                }
            }
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
            throw new UncheckedIOException("cannot delete " + directory, e);
        }
    }

    /** The bundle of the best epoch so far. */
    Path best() {
        return directory.resolve("best");
    }

    private Path folder(Position position) {
        return directory.resolve("step-" + position.steps());
    }
}
