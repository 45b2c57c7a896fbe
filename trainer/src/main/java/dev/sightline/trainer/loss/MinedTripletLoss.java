package dev.sightline.trainer.loss;

import ai.djl.ndarray.NDArray;

/**
 * The triplet margin loss on cosine similarities with negatives mined in the batch, every query an anchor among the images:
 *
 * <pre>L = max(0, m · d_n + s_n − s_p)</pre>
 *
 * where d_n is the number of asked attributes the negative contradicts: what is wrong in more ways is to be further away.
 */
public record MinedTripletLoss(Mining mining, float margin) implements PairLoss {
    /** Which negative a positive is set against. */
    public enum Mining {
        /**
         * The hardest positive against the hardest negative: Hermans et al., "In Defense of the Triplet Loss for Person
         * Re-Identification" (2017, arXiv:1703.07737).
         */
        BATCH_HARD,
        /**
         * Every positive against the hardest negative that is still further away than it; where there is none, against
         * the furthest: Schroff et al., "FaceNet" (CVPR 2015, arXiv:1503.03832).
         */
        SEMI_HARD
    }

    public MinedTripletLoss {
        if (margin < 0) {
            throw new IllegalArgumentException("the margin must not be negative, but it was " + margin);
        }
    }

    /** The mean over the anchors (batch-hard) or the anchors and positives (semi-hard) that make a triplet. */
    @Override
    public NDArray evaluate(NDArray scores, Pairs pairs) {
        return switch (mining) {
            case BATCH_HARD -> batchHard(scores, pairs);
            case SEMI_HARD -> semiHard(scores, pairs);
        };
    }

    private NDArray batchHard(NDArray scores, Pairs pairs) {
        NDArray hardestNegative = Masked.max(reach(scores, pairs), pairs.negatives(), 1);
        NDArray hardestPositive = Masked.min(scores, pairs.positives(), 1);
        return Masked.mean(hardestNegative.sub(hardestPositive).maximum(0), Masked.anchors(pairs, 1));
    }

    /** Memory {@code queries × images²}: each positive sees every negative of its query. */
    private NDArray semiHard(NDArray scores, Pairs pairs) {
        NDArray negatives = pairs.negatives().expandDims(1);
        NDArray further = scores.expandDims(1).lt(scores.expandDims(2)).toType(scores.getDataType(), false);
        NDArray semiHard = negatives.mul(further);
        NDArray reach = reach(scores, pairs).expandDims(1).mul(further.onesLike());
        NDArray exists = semiHard.max(new int[] {2});
        NDArray hardestFurther = Masked.max(reach, semiHard, 2).mul(exists);
        NDArray furthest = Masked.min(reach, negatives.mul(further.onesLike()), 2)
                .mul(exists.neg().add(1));
        NDArray triplets = pairs.positives().mul(Masked.anchors(pairs, 1).expandDims(1));
        return Masked.mean(hardestFurther.add(furthest).sub(scores).maximum(0), triplets);
    }

    private NDArray reach(NDArray scores, Pairs pairs) {
        return scores.add(pairs.disagreements().mul(margin));
    }
}
