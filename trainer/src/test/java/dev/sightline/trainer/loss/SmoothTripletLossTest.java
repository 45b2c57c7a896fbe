package dev.sightline.trainer.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TripletLossTest {
    private static final TripletLoss LOSS = new TripletLoss(0.1f, 0.2f);
    private static final int QUERIES = 5;
    private static final int IMAGES = 4;

    @Test
    void isWhatItsFormulaSaysWorkedOutTripletByTriplet() {
        float[] scores = scores(1);
        // 1 positive, -1 negative, 0 unknown; the last query has no positive, the last image no negative
        int[] relation = {1, -1, 0, 1, -1, 1, -1, 1, -1, -1, 1, 0, 1, 1, -1, 1, -1, -1, -1, 0};

        assertThat(evaluate(scores, relation)).isCloseTo(naive(scores, relation), within(1e-4));
    }

    @Test
    void isNothingWithoutATriplet() {
        assertThat(evaluate(scores(2), new int[QUERIES * IMAGES])).isZero();
    }

    @Test
    void itsGradientIsThatOfFiniteDifferences() {
        float[] scores = scores(3);
        int[] relation = {1, -1, 0, 1, -1, 1, -1, 1, -1, -1, 1, 0, 1, 1, -1, 1, -1, -1, -1, 0};
        float[] gradient = gradient(scores, relation);

        for (int i = 0; i < scores.length; i++) {
            double step = 1e-3;
            float[] up = scores.clone();
            float[] down = scores.clone();
            up[i] += (float) step;
            down[i] -= (float) step;
            double difference = (naive(up, relation) - naive(down, relation)) / (2 * step);
            assertThat((double) gradient[i]).as("score %d", i).isCloseTo(difference, within(5e-3));
        }
    }

    @Test
    void refusesATemperatureWhoseExponentialsOverflow() {
        assertThatIllegalArgumentException().isThrownBy(() -> new TripletLoss(0.1f, 0.001f));
    }

    private static double naive(float[] scores, int[] relation) {
        double rows = 0;
        int rowAnchors = 0;
        for (int q = 0; q < QUERIES; q++) {
            double[] of = new double[IMAGES];
            int[] relations = new int[IMAGES];
            for (int i = 0; i < IMAGES; i++) {
                of[i] = scores[q * IMAGES + i];
                relations[i] = relation[q * IMAGES + i];
            }
            double loss = anchor(of, relations);
            rows += Double.isNaN(loss) ? 0 : loss;
            rowAnchors += Double.isNaN(loss) ? 0 : 1;
        }
        double columns = 0;
        int columnAnchors = 0;
        for (int i = 0; i < IMAGES; i++) {
            double[] of = new double[QUERIES];
            int[] relations = new int[QUERIES];
            for (int q = 0; q < QUERIES; q++) {
                of[q] = scores[q * IMAGES + i];
                relations[q] = relation[q * IMAGES + i];
            }
            double loss = anchor(of, relations);
            columns += Double.isNaN(loss) ? 0 : loss;
            columnAnchors += Double.isNaN(loss) ? 0 : 1;
        }
        return rows / Math.max(1, rowAnchors) + columns / Math.max(1, columnAnchors);
    }

    /** Not a number for an anchor without a positive or without a negative. */
    private static double anchor(double[] scores, int[] relation) {
        double negatives = 0;
        int positives = 0;
        for (int i = 0; i < scores.length; i++) {
            negatives += relation[i] < 0 ? Math.exp(scores[i] / LOSS.temperature()) : 0;
            positives += relation[i] > 0 ? 1 : 0;
        }
        if (negatives == 0 || positives == 0) {
            return Double.NaN;
        }
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            if (relation[i] > 0) {
                sum += Math.log1p(Math.exp(Math.log(negatives) + (LOSS.margin() - scores[i]) / LOSS.temperature()));
            }
        }
        return sum / positives;
    }

    private static double evaluate(float[] scores, int[] relation) {
        try (NDManager manager = NDManager.newBaseManager()) {
            return loss(manager, matrix(manager, scores), relation).getFloat();
        }
    }

    private static float[] gradient(float[] scores, int[] relation) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray matrix = matrix(manager, scores);
            matrix.setRequiresGradient(true);
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                collector.backward(loss(manager, matrix, relation));
            }
            return matrix.getGradient().toFloatArray();
        }
    }

    private static NDArray loss(NDManager manager, NDArray scores, int[] relation) {
        float[] positives = new float[relation.length];
        float[] negatives = new float[relation.length];
        for (int i = 0; i < relation.length; i++) {
            positives[i] = relation[i] > 0 ? 1 : 0;
            negatives[i] = relation[i] < 0 ? 1 : 0;
        }
        return LOSS.evaluate(scores, matrix(manager, positives), matrix(manager, negatives));
    }

    private static NDArray matrix(NDManager manager, float[] values) {
        return manager.create(values, new Shape(QUERIES, IMAGES));
    }

    private static float[] scores(long seed) {
        Random random = new Random(seed);
        float[] scores = new float[QUERIES * IMAGES];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = 2 * random.nextFloat() - 1;
        }
        return scores;
    }
}
