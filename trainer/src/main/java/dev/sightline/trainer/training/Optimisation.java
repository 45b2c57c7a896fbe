package dev.sightline.trainer.training;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import java.util.List;

/** How weights follow their gradients, and how fast. */
public sealed interface Optimisation {
    /** @param step how many steps are done; @param total of the whole run; @param epochs of the whole run */
    double learningRate(long step, long total, int epochs);

    /** The state for these parameters, in native memory under {@code manager}. */
    Optimiser start(NDManager manager, List<Pair<String, Parameter>> parameters);

    /** The same at this share of every rate. */
    Optimisation scaled(float share);

    /** {@link AdamW}; the rate rises over the first 5% of steps, then falls to 0 by a cosine. */
    record AdamWithCosine(float highestRate, float weightDecay) implements Optimisation {
        private static final double WARM_UP = 0.05;

        public AdamWithCosine {
            requirePositive(highestRate);
        }

        @Override
        public double learningRate(long step, long total, int epochs) {
            double done = (double) step / total;
            return highestRate
                    * (done < WARM_UP
                            ? (done + 1.0 / total) / WARM_UP
                            : 0.5 * (1 + Math.cos(Math.PI * (done - WARM_UP) / (1 - WARM_UP))));
        }

        @Override
        public Optimiser start(NDManager manager, List<Pair<String, Parameter>> parameters) {
            return new AdamW(manager, parameters, weightDecay);
        }

        @Override
        public Optimisation scaled(float share) {
            return new AdamWithCosine(share * highestRate, weightDecay);
        }
    }

    /** {@link MomentumSgd}; the rate is divided by 10 every so many epochs. */
    record SgdWithSteps(float firstRate, float weightDecay, float momentum, int epochsPerDrop) implements Optimisation {
        public SgdWithSteps {
            requirePositive(firstRate);
        }

        @Override
        public double learningRate(long step, long total, int epochs) {
            long epoch = step * epochs / total;
            return firstRate * Math.pow(0.1, epoch / epochsPerDrop);
        }

        @Override
        public Optimiser start(NDManager manager, List<Pair<String, Parameter>> parameters) {
            return new MomentumSgd(manager, parameters, weightDecay, momentum);
        }

        @Override
        public Optimisation scaled(float share) {
            return new SgdWithSteps(share * firstRate, weightDecay, momentum, epochsPerDrop);
        }
    }

    private static void requirePositive(float rate) {
        if (!(rate > 0)) {
            throw new IllegalArgumentException("a learning rate is positive, not " + rate);
        }
    }
}
