package dev.sightline.trainer.training;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import dev.sightline.towers.LogProbabilities;
import dev.sightline.towers.PixelTensors;
import dev.sightline.towers.TwoTowerModel;
import dev.sightline.trainer.loss.ClassicTripletLoss;
import dev.sightline.trainer.loss.LikelihoodLoss;

/** Forward and backward through both towers. Keeps nothing in native memory between steps. One thread. */
final class TrainingStep {
    private final TrainingSettings settings;
    private final TwoTowerModel model;
    private final ParameterStore parameters;
    private boolean frozen;

    TrainingStep(TrainingSettings settings, TwoTowerModel model) {
        this.settings = settings;
        this.model = model;
        this.parameters = new ParameterStore(model.manager(), false);
    }

    /** Whether the image tower's backbone takes no gradients and keeps its running statistics from here on. */
    void freezeBackbone(boolean freeze) {
        frozen = freeze;
        for (Parameter parameter : model.backboneParameters()) {
            if (parameter.requiresGradient()) {
                parameter.getArray().setRequiresGradient(!freeze);
            }
        }
    }

    /** Adds the gradient of the batch's loss to every parameter's that takes one; returns the loss. */
    double backward(Batches.Batch batch) {
        try (NDManager scope = model.manager().newSubManager();
                GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
            NDArray pixels = PixelTensors.normalised(scope, model.preprocessing(), batch.images());
            NDArray images = forward(model.imageTower(), pixels, !frozen);
            NDArray loss = switch (settings.objective()) {
                case Objective.Ranking ranking ->
                    likelihood(scope, images, batch)
                            .add(ranking(scope, ranking, images, batch).mul(ranking.rankingWeight()));
                case Objective.Likelihood likelihood -> likelihood(scope, images, batch);
                case Objective.ClassicTriplets classic -> triplets(scope, classic, images, batch);
            };
            collector.backward(loss);
            return loss.getFloat();
        }
    }

    private NDArray ranking(NDManager scope, Objective.Ranking objective, NDArray images, Batches.Batch batch) {
        NDArray queries = forward(model.queryTower(), batch.queries().encoded(scope), true);
        return objective
                .ranking()
                .evaluate(queries.matMul(images.transpose()), batch.queries().pairs(scope));
    }

    /** Of each attribute by itself, both ways. */
    private NDArray likelihood(NDManager scope, NDArray images, Batches.Batch batch) {
        int dimension = model.settings().embeddingDimension();
        QueryBatch single = QueryBatch.against(
                batch.labels(), QueryBatch.single(model.schema().size()));
        NDArray queries = LogProbabilities.ofQueries(single.encoded(scope), dimension);
        return new LikelihoodLoss(LogProbabilities.scale(dimension))
                .evaluate(queries.matMul(images.transpose()), single.pairs(scope));
    }

    private NDArray triplets(
            NDManager scope, Objective.ClassicTriplets objective, NDArray images, Batches.Batch batch) {
        NDArray rows = forward(model.queryTower(), batch.queries().encoded(scope), true);
        int count = batch.images().size();
        return new ClassicTripletLoss(objective.margin())
                .evaluate(images, rows.get(new NDIndex(":{}", count)), rows.get(new NDIndex("{}:", count)));
    }

    private NDArray forward(Block tower, NDArray input, boolean training) {
        return tower.forward(parameters, new NDList(input), training).singletonOrThrow();
    }
}
