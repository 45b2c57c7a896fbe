package dev.sightline.trainer.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/**
 * Scores of queries with images and how many asked attributes each image contradicts: 0 answers the query, −1 is not known.
 */
record LabelledScores(double[][] scores, int[][] contradicted) {
    /** The last query has no positive, the first image no positive, the last image no negative. */
    private static final int[][] CONTRADICTED = {{1, 2, 0, -1}, {1, 0, 3, 0}, {2, 1, 0, -1}, {1, 0, 0, 0}, {1, 1, 2, -1}
    };

    /** Five queries, four images, scores in −1..1. */
    static LabelledScores random(long seed) {
        var random = new Random(seed);
        double[][] scores = new double[CONTRADICTED.length][CONTRADICTED[0].length];
        for (double[] row : scores) {
            for (int i = 0; i < row.length; i++) {
                row[i] = 2 * random.nextDouble() - 1;
            }
        }
        return new LabelledScores(scores, CONTRADICTED);
    }

    static LabelledScores of(double[][] scores, int[][] contradicted) {
        return new LabelledScores(scores, contradicted);
    }

    /** The same with rows as columns: images as anchors among queries. */
    LabelledScores transposed() {
        double[][] turnedScores = new double[scores[0].length][scores.length];
        int[][] turned = new int[scores[0].length][scores.length];
        for (int q = 0; q < scores.length; q++) {
            for (int i = 0; i < scores[q].length; i++) {
                turnedScores[i][q] = scores[q][i];
                turned[i][q] = contradicted[q][i];
            }
        }
        return new LabelledScores(turnedScores, turned);
    }

    boolean positive(int query, int image) {
        return contradicted[query][image] == 0;
    }

    boolean negative(int query, int image) {
        return contradicted[query][image] > 0;
    }

    boolean hasTriplet(int query) {
        boolean positive = false;
        boolean negative = false;
        for (int i = 0; i < scores[query].length; i++) {
            positive |= positive(query, i);
            negative |= negative(query, i);
        }
        return positive && negative;
    }

    double evaluate(PairLoss loss) {
        try (NDManager manager = NDManager.newBaseManager()) {
            return loss.evaluate(matrix(manager), pairs(manager)).getFloat();
        }
    }

    /** Checks the loss's gradient by every score against central differences of {@code naive}. */
    void assertGradientIsThatOf(ToDoubleFunction<LabelledScores> naive, PairLoss loss) {
        float[] gradient = gradient(loss);
        double step = 1e-5;
        for (int q = 0; q < scores.length; q++) {
            for (int i = 0; i < scores[q].length; i++) {
                double difference =
                        (naive.applyAsDouble(with(q, i, step)) - naive.applyAsDouble(with(q, i, -step))) / (2 * step);
                assertThat((double) gradient[q * scores[q].length + i])
                        .as("by the score of query %d with image %d", q, i)
                        .isCloseTo(difference, within(1e-3));
            }
        }
    }

    private float[] gradient(PairLoss loss) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray matrix = matrix(manager);
            matrix.setRequiresGradient(true);
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                collector.backward(loss.evaluate(matrix, pairs(manager)));
            }
            return matrix.getGradient().toFloatArray();
        }
    }

    private LabelledScores with(int query, int image, double change) {
        double[][] changed = new double[scores.length][];
        for (int q = 0; q < scores.length; q++) {
            changed[q] = scores[q].clone();
        }
        changed[query][image] += change;
        return new LabelledScores(changed, contradicted);
    }

    private NDArray matrix(NDManager manager) {
        return fill(manager, (q, i) -> (float) scores[q][i]);
    }

    private Pairs pairs(NDManager manager) {
        return new Pairs(
                fill(manager, (q, i) -> positive(q, i) ? 1 : 0),
                fill(manager, (q, i) -> negative(q, i) ? 1 : 0),
                fill(manager, (q, i) -> Math.max(0, contradicted[q][i])));
    }

    private interface Entry {
        float at(int query, int image);
    }

    private NDArray fill(NDManager manager, Entry entry) {
        int images = scores[0].length;
        float[] values = new float[scores.length * images];
        for (int i = 0; i < values.length; i++) {
            values[i] = entry.at(i / images, i % images);
        }
        return manager.create(values, new Shape(scores.length, images));
    }
}
