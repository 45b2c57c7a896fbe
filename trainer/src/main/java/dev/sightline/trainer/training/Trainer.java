package dev.sightline.trainer.training;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import dev.sightline.domain.ContentHash;
import dev.sightline.towers.PixelTensors;
import dev.sightline.towers.Preprocessing;
import dev.sightline.towers.TrainingEpoch;
import dev.sightline.towers.TwoTowerModel;
import dev.sightline.trainer.dataset.Dataset;
import dev.sightline.trainer.dataset.PreparedImages;
import dev.sightline.trainer.dataset.Split;
import dev.sightline.trainer.evaluation.RetrievalEvaluation;
import dev.sightline.trainer.loss.TripletLoss;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Learns both towers together. After each epoch it writes a checkpoint; a run on the same data with the same settings
 * that was interrupted goes on from there. One run at a time in a directory.
 */
public final class Trainer {
    private static final double WARM_UP = 0.05;

    private final TrainingSettings settings;
    private final Path directory;
    private final TrainingProgress progress;
    private final List<TrainingEpoch> history = new ArrayList<>();

    /** @param directory where checkpoints lie while a run is not finished */
    public Trainer(TrainingSettings settings, Path directory, TrainingProgress progress) {
        this.settings = settings;
        this.directory = directory;
        this.progress = progress;
    }

    /**
     * The model of the best epoch, by validation; the caller closes it. The checkpoints stay until {@link #forget}, so
     * that a run that dies before the model is kept elsewhere is not lost.
     *
     * @throws InterruptedException if the thread was interrupted; the latest checkpoint stays
     */
    public TwoTowerModel train(Dataset dataset, PreparedImages pixels) throws InterruptedException {
        requireOneBatch(dataset);
        Device device = TwoTowerModel.bestDevice();
        var checkpoints = checkpoints(dataset);
        var resumed = checkpoints.latest(device);
        TwoTowerModel model = resumed.map(Checkpoints.Progress::model)
                .orElseGet(() -> TwoTowerModel.create(
                        dataset.schema(),
                        new Preprocessing(settings.inputSize()),
                        settings.towers(),
                        settings.seed(),
                        device));
        try (model;
                var optimiser = new AdamW(model.manager(), parameters(model), settings.weightDecay())) {
            history.clear();
            resumed.ifPresent(from -> {
                checkpoints.restore(from, optimiser);
                history.addAll(from.history());
            });
            int epoch = resumed.map(Checkpoints.Progress::epoch).orElse(0);
            double best = resumed.map(Checkpoints.Progress::best).orElse(-1.0);
            int bestEpoch = resumed.map(Checkpoints.Progress::bestEpoch).orElse(0);
            while (epoch < settings.epochs() && epoch - bestEpoch < settings.patience()) {
                epoch++;
                long start = System.nanoTime();
                double loss = epoch(model, optimiser, dataset, pixels, epoch);
                double seconds = (System.nanoTime() - start) / 1e9;
                double validation = RetrievalEvaluation.of(model, dataset, pixels, Split.VALIDATION)
                        .meanPrecisionAt10();
                history.add(new TrainingEpoch(epoch, loss, validation));
                if (validation > best) {
                    best = validation;
                    bestEpoch = epoch;
                    model.save(
                            checkpoints.best(),
                            new dev.sightline.domain.ModelVersion("best"),
                            settings.describe(),
                            java.util.Map.of());
                }
                checkpoints.write(epoch, model, optimiser, best, bestEpoch, history);
                progress.epoch(
                        epoch,
                        settings.epochs(),
                        loss,
                        validation,
                        dataset.examples(Split.TRAIN).size() / seconds);
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

    /** By text, not by hash code: an enum's differs from one JVM to the next. */
    private Checkpoints checkpoints(Dataset dataset) {
        String run = dataset.fingerprint() + settings.toString();
        return new Checkpoints(
                directory, ContentHash.of(run.getBytes(StandardCharsets.UTF_8)).hex());
    }

    private void requireOneBatch(Dataset dataset) {
        int images = dataset.examples(Split.TRAIN).size();
        if (images < settings.batchSize()) {
            throw new IllegalArgumentException("training needs at least one batch of " + settings.batchSize()
                    + " images, but the dataset has " + images + " to train on; add images or lower the batch size");
        }
    }

    private double epoch(TwoTowerModel model, AdamW optimiser, Dataset dataset, PreparedImages pixels, int epoch)
            throws InterruptedException {
        var loss = new TripletLoss(settings.margin(), settings.temperature());
        var parameters = new ParameterStore(model.manager(), false);
        try (var batches = new Batches(dataset, pixels, settings, epoch)) {
            batches.start();
            long total = (long) batches.count() * settings.epochs();
            double sum = 0;
            for (int i = 0; i < batches.count(); i++) {
                double value = step(model, parameters, loss, batches.take());
                if (!Double.isFinite(value)) {
                    throw new IllegalStateException("the loss became " + value + " in epoch " + epoch
                            + "; lower the learning rate (now " + settings.learningRate() + ")");
                }
                optimiser.step(learningRate(optimiser.steps(), total));
                sum += value;
                progress.step(optimiser.steps(), total, value);
            }
            return sum / batches.count();
        }
    }

    /** Forward and backward; returns the loss. */
    private double step(TwoTowerModel model, ParameterStore parameters, TripletLoss loss, Batches.Batch batch) {
        QueryBatch queries = batch.queries();
        int images = batch.images().size();
        try (NDManager scope = model.manager().newSubManager();
                GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
            NDArray pixels = PixelTensors.normalised(scope, model.preprocessing(), batch.images());
            NDArray encoded = scope.create(
                    queries.queries(), new Shape(queries.count(), model.schema().size()));
            NDArray imageEmbeddings = model.imageTower()
                    .forward(parameters, new NDList(pixels), true)
                    .singletonOrThrow();
            NDArray queryEmbeddings = model.queryTower()
                    .forward(parameters, new NDList(encoded), true)
                    .singletonOrThrow();
            Shape pairs = new Shape(queries.count(), images);
            NDArray value = loss.evaluate(
                    queryEmbeddings.matMul(imageEmbeddings.transpose()),
                    scope.create(queries.positives(), pairs),
                    scope.create(queries.negatives(), pairs));
            collector.backward(value);
            return value.getFloat();
        }
    }

    private double learningRate(long step, long total) {
        double done = (double) step / total;
        return settings.learningRate()
                * (done < WARM_UP
                        ? (done + 1.0 / total) / WARM_UP
                        : 0.5 * (1 + Math.cos(Math.PI * (done - WARM_UP) / (1 - WARM_UP))));
    }

    private static List<Pair<String, Parameter>> parameters(TwoTowerModel model) {
        List<Pair<String, Parameter>> all = new ArrayList<>();
        model.imageTower().getParameters().forEach(all::add);
        model.queryTower().getParameters().forEach(all::add);
        return all;
    }
}
