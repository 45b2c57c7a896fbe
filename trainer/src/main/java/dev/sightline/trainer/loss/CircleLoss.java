package dev.sightline.trainer.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;

/**
 * Circle loss (Sun et al., CVPR 2020, arXiv:2002.10857): each pair pulls as hard as it is far from where it should be. With
 * relaxation m and scale γ, for a query with positives P and negatives N:
 *
 * <pre>
 * L = log( 1 + Σ_n exp(γ α_n (s_n − m)) · Σ_p exp(−γ α_p (s_p − (1 − m))) )
 * α_n = max(0, s_n + m),  α_p = max(0, 1 + m − s_p), both taken as constants
 * </pre>
 */
public record CircleLoss(float relaxation, float scale) implements PairLoss {

    public CircleLoss {
        if (!(relaxation > 0 && relaxation < 1) || !(scale > 0)) {
            throw new IllegalArgumentException(
                    "circle loss needs a relaxation between 0 and 1 and a positive scale, but was given " + relaxation
                            + " and " + scale);
        }
    }

    /** The mean over queries that have both a positive and a negative. */
    @Override
    public NDArray evaluate(NDArray scores, Pairs pairs) {
        NDArray constant = scores.stopGradient();
        NDArray negativePull = Activation.relu(constant.add(relaxation));
        NDArray positivePull = Activation.relu(constant.neg().add(1 + relaxation));
        NDArray negativeLogits = negativePull.mul(scores.sub(relaxation)).mul(scale);
        NDArray positiveLogits = positivePull.mul(scores.sub(1 - relaxation)).mul(-scale);
        NDArray sum = Masked.logSumExp(negativeLogits, pairs.negatives(), 1)
                .add(Masked.logSumExp(positiveLogits, pairs.positives(), 1));
        return Masked.mean(Activation.softPlus(sum), Masked.anchors(pairs, 1));
    }
}
