package dev.sightline.trainer.loss;

import ai.djl.ndarray.NDArray;

/**
 * A smooth triplet loss over every triplet of a batch, negatives weighed by how hard they are.
 *
 * <p>For an anchor with positives P and negatives N, at cosine similarity s, margin m and temperature t:
 *
 * <pre>L = 1/|P| Σ_p softplus( log Σ_n exp(s_n / t) + (m − s_p) / t )</pre>
 *
 * As t → 0 this becomes the hinge {@code max(0, m + max_n s_n − s_p) / t} of batch-hard mining (Hermans et al., "In
 * Defense of the Triplet Loss", 2017); the log-sum-exp over negatives is that of the N-pair loss (Sohn, 2016). Every
 * query is an anchor among the batch's images, and every image an anchor among its queries. Pairs whose label is unknown
 * are in neither P nor N.
 */
public record TripletLoss(float margin, float temperature) {

    public TripletLoss {
        if (!(temperature >= 0.03f) || margin < 0) {
            throw new IllegalArgumentException(
                    "the temperature must be 0.03 or more (exponentials overflow below) and the"
                            + " margin not negative, but they were " + temperature + " and " + margin);
        }
    }

    /**
     * The mean loss over all anchors that have both a positive and a negative, a scalar.
     *
     * @param scores {@code [queries, images]} cosine similarities
     * @param positives 1 where the image is known to answer the query, else 0; same shape
     * @param negatives 1 where it is known not to, else 0; same shape
     */
    public NDArray evaluate(NDArray scores, NDArray positives, NDArray negatives) {
        return anchored(scores, positives, negatives, 1).add(anchored(scores, positives, negatives, 0));
    }

    private NDArray anchored(NDArray scores, NDArray positives, NDArray negatives, int axis) {
        int[] others = {axis};
        NDArray negativeMass = scores.div(temperature).exp().mul(negatives).sum(others, true);
        // softplus(log x + y) = log(1 + x e^y), which is also right for no negatives at all: x = 0
        NDArray triplets = scores.neg()
                .add(margin)
                .div(temperature)
                .exp()
                .mul(negativeMass)
                .add(1)
                .log();
        NDArray count = positives.sum(others);
        NDArray loss = triplets.mul(positives).sum(others).div(count.maximum(1));
        NDArray anchors = count.gt(0).mul(negatives.sum(others).gt(0)).toType(scores.getDataType(), false);
        return loss.mul(anchors).sum().div(anchors.sum().maximum(1));
    }
}
