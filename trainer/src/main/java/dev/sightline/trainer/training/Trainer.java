package dev.sightline.trainer.training;

import ai.djl.Device;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import dev.sightline.domain.ContentHash;
import dev.sightline.domain.ModelVersion;
import dev.sightline.towers.IntraOpThreads;
import dev.sightline.towers.TrainingEpoch;
import dev.sightline.towers.TwoTowerModel;
import dev.sightline.trainer.dataset.Dataset;
import dev.sightline.trainer.dataset.PreparedImages;
import dev.sightline.trainer.dataset.Split;
import dev.sightline.trainer.evaluation.RetrievalEvaluation;
import dev.sightline.trainer.training.Checkpoints.Position;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Learns both towers together. Every so often, and after each epoch, it writes a checkpoint; a run on the same data with
 * the same settings that was interrupted at any step goes on from there to the same result. One run at a time in a
 * directory.
 */
public final class Trainer {
    private static final ModelVersion BEST = new ModelVersion("best");
    private static final Duration CHECKPOINT_EVERY = Duration.ofSeconds(60);

    private final TrainingSettings settings;
    private final Path directory;
    private final TrainingProgress progress;
    private final Duration checkpointEvery;
    private final List<TrainingEpoch> history = new ArrayList<>();

    /** @param directory where checkpoints lie while a run is not finished */
    public Trainer(TrainingSettings settings, Path directory, TrainingProgress progress) {
        this(settings, directory, progress, CHECKPOINT_EVERY);
    }

    Trainer(TrainingSettings settings, Path directory, TrainingProgress progress, Duration checkpointEvery) {
        this.settings = settings;
        this.directory = directory;
        this.progress = progress;
        this.checkpointEvery = checkpointEvery;
    }

    /** As {@link #train(Dataset, PreparedImages, Optional)}, from random weights. */
    public TwoTowerModel train(Dataset dataset, PreparedImages pixels) throws InterruptedException {
        return train(dataset, pixels, Optional.empty());
    }

    /**
     * The model of the best epoch, by validation; the caller closes it. The checkpoints stay until {@link #forget}, so
     * that a run that dies before the model is kept elsewhere is not lost.
     *
     * @param warmStart a bundle whose weights to start from
     * @throws IllegalArgumentException if the dataset is smaller than a batch, or the bundle does not fit the settings
     * @throws InterruptedException if the thread was interrupted; the latest checkpoint stays
     */
    public TwoTowerModel train(Dataset dataset, PreparedImages pixels, Optional<Path> warmStart)
            throws InterruptedException {
        requireOneBatch(dataset);
        Device device = TwoTowerModel.bestDevice();
        Gradients.stopRecording();
        IntraOpThreads.useAllCores();
        var checkpoints = checkpoints(dataset, warmStart);
        var resumed = checkpoints.latest();
        try (TwoTowerModel model = create(dataset, device);
                TwoTowerModel average = create(dataset, device);
                Optimiser optimiser = settings.optimisation().start(model.manager(), named(model))) {
            history.clear();
            warmStart.ifPresent(bundle -> startFrom(bundle, model, average));
            resumed.ifPresent(from -> history.addAll(Checkpoints.restore(from, model, average, optimiser)));
            Position position = resumed.map(Checkpoints.Checkpoint::position).orElse(Position.START);
            var step = new TrainingStep(settings, model);
            var run = new Run(dataset, pixels, checkpoints, model, average, optimiser, step);
            while (position.epoch() <= settings.schedule().epochs()) {
                position = run.epoch(position);
            }
        }
        return TwoTowerModel.load(checkpoints.best(), device).model();
    }

    /** How the last run went, epoch by epoch, the part before an interruption included. */
    public List<TrainingEpoch> history() {
        return List.copyOf(history);
    }

    /** Deletes the checkpoints: call it once the trained model is kept elsewhere. */
    public void forget() {
        Checkpoints.delete(directory);
    }

    private TwoTowerModel create(Dataset dataset, Device device) {
        return settings.start()
                .torchScript()
                .map(file -> TwoTowerModel.create(
                        dataset.schema(),
                        settings.preprocessing(),
                        settings.towers(),
                        file,
                        settings.schedule().seed(),
                        device))
                .orElseGet(() -> TwoTowerModel.create(
                        dataset.schema(),
                        settings.preprocessing(),
                        settings.towers(),
                        settings.schedule().seed(),
                        device));
    }

    private static void startFrom(Path bundle, TwoTowerModel model, TwoTowerModel average) {
        try (TwoTowerModel start = TwoTowerModel.load(bundle, model.device()).model()) {
            model.copyParametersOf(start);
            average.copyParametersOf(start);
        }
    }

    /** By text, not by hash code: an enum's differs from one JVM to the next. */
    private Checkpoints checkpoints(Dataset dataset, Optional<Path> warmStart) {
        String run = dataset.fingerprint()
                + settings.toString()
                + warmStart.map(Path::toString).orElse("");
        return new Checkpoints(
                directory, ContentHash.of(run.getBytes(StandardCharsets.UTF_8)).hex());
    }

    private void requireOneBatch(Dataset dataset) {
        int images = dataset.examples(Split.TRAIN).size();
        if (images < settings.schedule().batchSize()) {
            throw new IllegalArgumentException("training needs at least one batch of "
                    + settings.schedule().batchSize() + " images, but the dataset has " + images
                    + " to train on; add images or lower the batch size");
        }
    }

    static List<Pair<String, Parameter>> named(TwoTowerModel model) {
        List<Pair<String, Parameter>> all = new ArrayList<>();
        model.imageTower().getParameters().forEach(all::add);
        model.queryTower().getParameters().forEach(all::add);
        return all;
    }

    /** One run under way. */
    private final class Run {
        private final Dataset dataset;
        private final PreparedImages pixels;
        private final Checkpoints checkpoints;
        private final TwoTowerModel model;
        private final TwoTowerModel average;
        private final WeightAverage averaging;
        private final Optimiser optimiser;
        private final TrainingStep step;
        private final QuerySource queries;
        private long lastCheckpoint = System.nanoTime();

        Run(
                Dataset dataset,
                PreparedImages pixels,
                Checkpoints checkpoints,
                TwoTowerModel model,
                TwoTowerModel average,
                Optimiser optimiser,
                TrainingStep step) {
            this.dataset = dataset;
            this.pixels = pixels;
            this.checkpoints = checkpoints;
            this.model = model;
            this.average = average;
            this.averaging =
                    new WeightAverage(model, average, settings.schedule().averaging());
            this.optimiser = optimiser;
            this.step = step;
            this.queries = QuerySource.of(settings.objective(), dataset);
        }

        /** Trains to the end of the epoch, judges, writes a checkpoint; returns where the next one starts. */
        Position epoch(Position from) throws InterruptedException {
            double lossSum = from.lossSum();
            int batchCount;
            double seconds;
            double waiting;
            step.freezeBackbone(from.epoch() <= settings.start().frozenEpochs());
            try (var batches = new Batches(dataset, pixels, settings, queries, from.epoch(), from.batch())) {
                batches.start();
                batchCount = batches.count();
                long total = (long) batchCount * settings.schedule().epochs();
                long start = System.nanoTime();
                for (int i = from.batch(); i < batchCount; i++) {
                    lossSum += learn(batches.take(), total);
                    progress.step(optimiser.steps(), total, lossSum / (i + 1));
                    if (i + 1 < batchCount && System.nanoTime() - lastCheckpoint >= checkpointEvery.toNanos()) {
                        write(new Position(from.epoch(), i + 1, optimiser.steps(), lossSum, from.best()));
                    }
                }
                seconds = (System.nanoTime() - start) / 1e9;
                waiting = batches.waitingNanos() / 1e9 / seconds;
            }
            double validation = RetrievalEvaluation.of(average, dataset, pixels, Split.VALIDATION)
                    .meanPrecisionAt10();
            if (validation > from.best()) {
                average.save(checkpoints.best(), BEST, settings.describe(), Map.of());
            }
            history.add(new TrainingEpoch(from.epoch(), lossSum / batchCount, validation));
            var next = new Position(from.epoch() + 1, 0, optimiser.steps(), 0, Math.max(validation, from.best()));
            write(next);
            progress.epoch(new TrainingProgress.Epoch(
                    from.epoch(),
                    settings.schedule().epochs(),
                    lossSum / batchCount,
                    validation,
                    (batchCount - from.batch()) * settings.schedule().batchSize() / seconds,
                    waiting));
            return next;
        }

        private double learn(Batches.Batch batch, long total) {
            double loss = step.backward(batch);
            if (!Double.isFinite(loss)) {
                throw new IllegalStateException("the loss became " + loss + " at step " + optimiser.steps()
                        + "; lower the learning rate of " + settings.optimisation());
            }
            optimiser.step(settings.optimisation()
                    .learningRate(optimiser.steps(), total, settings.schedule().epochs()));
            averaging.update(optimiser.steps());
            return loss;
        }

        private void write(Position position) {
            checkpoints.write(position, model, average, optimiser, history);
            lastCheckpoint = System.nanoTime();
        }
    }
}
