package dev.sightline.trainer.training;

import dev.sightline.towers.LogProbabilities;
import dev.sightline.towers.TowerSettings;
import dev.sightline.trainer.loss.PairLoss;
import dev.sightline.trainer.loss.SmoothTripletLoss;

/** What training makes small. */
public sealed interface Objective {

    /**
     * The negative log-likelihood of every attribute, and a ranking loss over queries of one to six attributes, each scored
     * against every image of the batch.
     *
     * @param queriesPerStep ranking queries a step
     * @param ranking the ranking loss, on cosine similarities
     * @param rankingWeight what it counts beside the likelihood
     */
    record Ranking(int queriesPerStep, PairLoss ranking, float rankingWeight) implements Objective {
        private static final int QUERIES_PER_STEP = 256;
        private static final float WEIGHT = 0.1f;

        public Ranking {
            if (queriesPerStep < 2 || !(rankingWeight > 0)) {
                throw new IllegalArgumentException(
                        "ranking needs 2 or more queries a step and a positive weight, but was" + " given "
                                + queriesPerStep + " and " + rankingWeight);
            }
        }

        /** The smooth triplet loss with temperature and margin of one nat, in these towers' scale. */
        public static Ranking of(TowerSettings towers) {
            float nat = 1 / LogProbabilities.scale(towers.embeddingDimension());
            return new Ranking(QUERIES_PER_STEP, new SmoothTripletLoss(nat, nat), WEIGHT);
        }
    }

    /** The negative log-likelihood of every attribute, and nothing else. */
    record Likelihood() implements Objective {}

    /** One triplet an image: its own attributes against another image's, or against its own with one to three flipped. */
    record ClassicTriplets(float margin) implements Objective {}
}
