package dev.sightline.towers;

import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import java.util.List;

/**
 * Both towers in DJL blocks. ResNet is that of He et al., "Deep Residual Learning for Image Recognition" (2015),
 * arXiv:1512.03385, with a 5×5 stem of stride 2 and a 2×2 pool instead of 7×7 and 3×3: faces come at 64 to 128 pixels.
 */
public final class TowerBlocks {
    /** Of an attribute in a query, the others counting 1. */
    private static final double MAX_WEIGHT = 2;

    /** Scales what untrained layers say down to next to nothing. */
    private static final double FIRST_WEIGHTS = 0.1;

    private TowerBlocks() {}

    /** {@code [batch, 3, size, size]} normalised pixels to {@code [batch, embeddingDimension]} unit vectors. */
    public static Block imageTower(TowerSettings settings) {
        var tower = new SequentialBlock();
        switch (settings.backbone()) {
            case SMALL_CNN -> smallCnn(tower, settings.backboneWidth());
            case RESNET18 -> resNet(tower, settings.backboneWidth(), List.of(2, 2, 2, 2), false);
            case RESNET34 -> resNet(tower, settings.backboneWidth(), List.of(3, 4, 6, 3), false);
            case RESNET50 -> resNet(tower, settings.backboneWidth(), List.of(3, 4, 6, 3), true);
        }
        tower.add(Pool.globalAvgPool2dBlock()).add(Blocks.batchFlattenBlock());
        int dimension = settings.embeddingDimension();
        return switch (settings.design()) {
            case LOG_PROBABILITIES, LOGISTIC ->
                tower.add(linear(LogProbabilities.experts(dimension)))
                        .add(LambdaBlock.singleton(logits -> LogProbabilities.ofImages(logits, dimension)));
            case CLASSIC -> tower.add(linear(dimension)).add(unitLength());
        };
    }

    /**
     * {@code [batch, attributes]} of −1, 0, +1 to {@code [batch, embeddingDimension]} unit vectors.
     *
     * @param attributes how many the schema has
     */
    public static Block queryTower(TowerSettings settings, int attributes) {
        int hidden = settings.queryHidden();
        int dimension = settings.embeddingDimension();
        return switch (settings.design()) {
            case LOG_PROBABILITIES ->
                new SequentialBlock()
                        .add(new ParallelBlock(
                                outputs -> new NDList(outputs.get(0)
                                        .singletonOrThrow()
                                        .mul(outputs.get(1).singletonOrThrow())),
                                List.of(Blocks.identityBlock(), weights(hidden, attributes))))
                        .add(LambdaBlock.singleton(query -> LogProbabilities.ofQueries(query, dimension)));
            case LOGISTIC ->
                new SequentialBlock().add(LambdaBlock.singleton(query -> LogProbabilities.ofQueries(query, dimension)));
            case CLASSIC ->
                new SequentialBlock()
                        .add(Activation.reluBlock()) // −1, excluded, is 0 to the published query tower
                        .add(linear(hidden))
                        .add(norm())
                        .add(Activation.reluBlock())
                        .add(linear(dimension))
                        .add(unitLength());
        };
    }

    /** How much each attribute counts, ½ to 2; near 1 before anything is learned. */
    private static Block weights(int hidden, int attributes) {
        return new SequentialBlock()
                .add(linear(hidden))
                .add(Activation.reluBlock())
                .add(linear(hidden))
                .add(Activation.reluBlock())
                .add(linear(attributes))
                .add(LambdaBlock.singleton(array -> array.mul(FIRST_WEIGHTS)
                        .tanh()
                        .mul(Math.log(MAX_WEIGHT))
                        .exp()));
    }

    private static Block linear(int units) {
        return Linear.builder().setUnits(units).build();
    }

    private static void smallCnn(SequentialBlock tower, int width) {
        for (int stage = 0; stage < 4; stage++) {
            tower.add(convolution(width << stage, 3, 2)).add(norm()).add(Activation.reluBlock());
        }
    }

    private static void resNet(SequentialBlock tower, int width, List<Integer> depths, boolean bottleneck) {
        tower.add(convolution(width, 5, 2))
                .add(norm())
                .add(Activation.reluBlock())
                .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)));
        int channelsIn = width;
        for (int stage = 0; stage < depths.size(); stage++) {
            int channels = width << stage;
            int channelsOut = bottleneck ? 4 * channels : channels;
            for (int i = 0; i < depths.get(stage); i++) {
                int stride = i == 0 && stage > 0 ? 2 : 1;
                boolean projects = stride != 1 || channelsIn != channelsOut;
                tower.add(residual(
                        bottleneck ? bottleneck(channels, stride) : basic(channels, stride),
                        projects,
                        channelsOut,
                        stride));
                channelsIn = channelsOut;
            }
        }
    }

    private static SequentialBlock basic(int channels, int stride) {
        return new SequentialBlock()
                .add(convolution(channels, 3, stride))
                .add(norm())
                .add(Activation.reluBlock())
                .add(convolution(channels, 3, 1))
                .add(norm());
    }

    private static SequentialBlock bottleneck(int channels, int stride) {
        return new SequentialBlock()
                .add(convolution(channels, 1, 1))
                .add(norm())
                .add(Activation.reluBlock())
                .add(convolution(channels, 3, stride))
                .add(norm())
                .add(Activation.reluBlock())
                .add(convolution(4 * channels, 1, 1))
                .add(norm());
    }

    private static Block residual(Block branch, boolean projects, int channels, int stride) {
        Block shortcut = projects
                ? new SequentialBlock().add(convolution(channels, 1, stride)).add(norm())
                : Blocks.identityBlock();
        return new ParallelBlock(
                outputs -> new NDList(Activation.relu(NDArrays.add(
                        outputs.get(0).singletonOrThrow(), outputs.get(1).singletonOrThrow()))),
                List.of(branch, shortcut));
    }

    private static Block convolution(int channels, int kernel, int stride) {
        return Conv2d.builder()
                .setFilters(channels)
                .setKernelShape(new Shape(kernel, kernel))
                .optStride(new Shape(stride, stride))
                .optPadding(new Shape(kernel / 2, kernel / 2))
                .optBias(false)
                .build();
    }

    private static Block norm() {
        return BatchNorm.builder().optEpsilon(1e-5f).optMomentum(0.9f).build();
    }

    private static Block unitLength() {
        return LambdaBlock.singleton(array -> array.normalize(2, 1));
    }
}
