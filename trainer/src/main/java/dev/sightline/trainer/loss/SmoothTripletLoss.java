package dev.sightline.trainer.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;

/**
 * A smooth triplet loss over every triplet of a batch, negatives weighed by how hard they are.
 *
 * <p>For an anchor with positives P and negatives N, at cosine similarity s, margin m and temperature t:
 *
 * <pre>L = 1/|P| Σ_p softplus( log Σ_n exp((s_n + m · d_n) / t) − s_p / t )</pre>
 *
 * where d_n is how many asked attributes the negative contradicts. As t → 0 this becomes the hinge
 * {@code max(0, max_n (m · d_n + s_n) − s_p) / t} of batch-hard mining (Hermans et al., "In Defense of the Triplet Loss",
 * 2017); the log-sum-exp over negatives is that of the N-pair loss (Sohn, 2016). Every query is an anchor among the batch's
 * images, and every image an anchor among its queries. Pairs whose label is unknown are in neither P nor N.
 */
public record SmoothTripletLoss(float margin, float temperature) implements PairLoss {

    public SmoothTripletLoss {
        if (!(temperature > 0) || margin < 0) {
            throw new IllegalArgumentException("the temperature must be positive and the margin not negative, but they"
                    + " were " + temperature + " and " + margin);
        }
    }

    /** The mean loss over all anchors that have both a positive and a negative, queries and images alike. */
    @Override
    public NDArray evaluate(NDArray scores, Pairs pairs) {
        return anchored(scores, pairs, 1).add(anchored(scores, pairs, 0));
    }

    private NDArray anchored(NDArray scores, Pairs pairs, int axis) {
        int[] others = {axis};
        NDArray reach = scores.add(pairs.disagreements().mul(margin)).div(temperature);
        NDArray hardness = Masked.logSumExp(reach, pairs.negatives(), axis).expandDims(axis);
        NDArray triplets = Activation.softPlus(hardness.sub(scores.div(temperature)));
        NDArray positives = pairs.positives();
        NDArray loss =
                triplets.mul(positives).sum(others).div(positives.sum(others).maximum(1));
        return Masked.mean(loss, Masked.anchors(pairs, axis));
    }
}
