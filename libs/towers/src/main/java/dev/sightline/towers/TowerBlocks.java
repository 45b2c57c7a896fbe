package dev.sightline.towers;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import java.util.List;

/** Both towers in DJL blocks. */
final class TowerBlocks {
    /** Of an attribute in a query, the others counting 1. */
    private static final double MAX_WEIGHT = 2;

    /** Scales what untrained layers say down to next to nothing. */
    private static final double FIRST_WEIGHTS = 0.1;

    private TowerBlocks() {}

    /**
     * {@code [batch, 3, size, size]} normalised pixels to {@code [batch, embeddingDimension]} unit vectors. The only linear
     * layer is the head's.
     *
     * @param backbone pixels to {@code [batch, features]}, one block after the other
     */
    static SequentialBlock imageTower(TowerSettings settings, List<Block> backbone) {
        var tower = new SequentialBlock();
        backbone.forEach(tower::add);
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
    static Block queryTower(TowerSettings settings, int attributes) {
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
                        .add(ConvolutionalBackbone.norm())
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

    private static Block unitLength() {
        return LambdaBlock.singleton(array -> array.normalize(2, 1));
    }
}
