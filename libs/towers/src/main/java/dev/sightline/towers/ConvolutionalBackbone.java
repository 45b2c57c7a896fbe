package dev.sightline.towers;

import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import java.util.List;

/**
 * Our own backbones in DJL blocks. ResNet is that of He et al., "Deep Residual Learning for Image Recognition" (2015),
 * arXiv:1512.03385, with a 5×5 stem of stride 2 and a 2×2 pool instead of 7×7 and 3×3: faces come at 64 to 128 pixels.
 */
final class ConvolutionalBackbone {
    /** Added to a BatchNorm's running variance. */
    static final float EPSILON = 1e-5f;

    private final int width;
    private final boolean folded;

    private ConvolutionalBackbone(int width, boolean folded) {
        this.width = width;
        this.folded = folded;
    }

    /** {@code [batch, 3, size, size]} normalised pixels to {@code [batch, features]}, one block after the other. */
    static List<Block> of(TowerSettings settings) {
        return new ConvolutionalBackbone(settings.backboneWidth(), false).blocks(settings.backbone());
    }

    /** As {@link #of}, each convolution and the BatchNorm after it as one convolution with a bias. */
    static List<Block> folded(TowerSettings settings) {
        return new ConvolutionalBackbone(settings.backboneWidth(), true).blocks(settings.backbone());
    }

    private List<Block> blocks(Backbone backbone) {
        var blocks = new SequentialBlock();
        switch (backbone) {
            case SMALL_CNN -> smallCnn(blocks);
            case RESNET18 -> resNet(blocks, List.of(2, 2, 2, 2), false);
            case RESNET34 -> resNet(blocks, List.of(3, 4, 6, 3), false);
            case RESNET50 -> resNet(blocks, List.of(3, 4, 6, 3), true);
            case TORCHSCRIPT -> throw new IllegalArgumentException("a TorchScript backbone is loaded, not built");
        }
        blocks.add(Pool.globalAvgPool2dBlock()).add(Blocks.batchFlattenBlock());
        return blocks.getChildren().values();
    }

    private void smallCnn(SequentialBlock blocks) {
        for (int stage = 0; stage < 4; stage++) {
            convolve(blocks, width << stage, 3, 2).add(Activation.reluBlock());
        }
    }

    private void resNet(SequentialBlock blocks, List<Integer> depths, boolean bottleneck) {
        convolve(blocks, width, 5, 2)
                .add(Activation.reluBlock())
                .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)));
        int channelsIn = width;
        for (int stage = 0; stage < depths.size(); stage++) {
            int channels = width << stage;
            int channelsOut = bottleneck ? 4 * channels : channels;
            for (int i = 0; i < depths.get(stage); i++) {
                int stride = i == 0 && stage > 0 ? 2 : 1;
                boolean projects = stride != 1 || channelsIn != channelsOut;
                blocks.add(residual(
                        bottleneck ? bottleneck(channels, stride) : basic(channels, stride),
                        projects,
                        channelsOut,
                        stride));
                channelsIn = channelsOut;
            }
        }
    }

    private SequentialBlock basic(int channels, int stride) {
        var branch = new SequentialBlock();
        convolve(branch, channels, 3, stride).add(Activation.reluBlock());
        return convolve(branch, channels, 3, 1);
    }

    private SequentialBlock bottleneck(int channels, int stride) {
        var branch = new SequentialBlock();
        convolve(branch, channels, 1, 1).add(Activation.reluBlock());
        convolve(branch, channels, 3, stride).add(Activation.reluBlock());
        return convolve(branch, 4 * channels, 1, 1);
    }

    private Block residual(Block branch, boolean projects, int channels, int stride) {
        Block shortcut = projects ? convolve(new SequentialBlock(), channels, 1, stride) : Blocks.identityBlock();
        return new ParallelBlock(
                outputs -> new NDList(Activation.relu(NDArrays.add(
                        outputs.get(0).singletonOrThrow(), outputs.get(1).singletonOrThrow()))),
                List.of(branch, shortcut));
    }

    /** A convolution and its BatchNorm. */
    private SequentialBlock convolve(SequentialBlock blocks, int channels, int kernel, int stride) {
        blocks.add(Conv2d.builder()
                .setFilters(channels)
                .setKernelShape(new Shape(kernel, kernel))
                .optStride(new Shape(stride, stride))
                .optPadding(new Shape(kernel / 2, kernel / 2))
                .optBias(folded)
                .build());
        return folded ? blocks : blocks.add(norm());
    }

    static Block norm() {
        return BatchNorm.builder().optEpsilon(EPSILON).optMomentum(0.9f).build();
    }
}
