package dev.sightline.trainer.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;

/**
 * The pairwise sigmoid loss of Zhai et al., "Sigmoid Loss for Language Image Pre-Training" (ICCV 2023, arXiv:2303.15343):
 * every pair is a yes-or-no question of its own. With temperature t and bias b:
 *
 * <pre>L = mean over known pairs of  softplus(l) − y·l,   l = s / t + b,   y = 1 for a positive, 0 for a negative</pre>
 */
public record SigmoidLoss(float temperature, float bias) implements PairLoss {

    public SigmoidLoss {
        if (!(temperature > 0)) {
            throw new IllegalArgumentException("the temperature must be positive, but it was " + temperature);
        }
    }

    @Override
    public NDArray evaluate(NDArray scores, Pairs pairs) {
        NDArray logits = scores.div(temperature).add(bias);
        NDArray known = pairs.positives().add(pairs.negatives());
        return Activation.softPlus(logits)
                .mul(known)
                .sub(logits.mul(pairs.positives()))
                .sum()
                .div(known.sum().maximum(1));
    }
}
