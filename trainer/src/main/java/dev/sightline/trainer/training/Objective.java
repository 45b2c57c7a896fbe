package dev.sightline.trainer.training;

import dev.sightline.trainer.loss.PairLoss;

/** What training makes small. */
public sealed interface Objective {

    /**
     * The negative log-likelihood of every attribute, and a ranking loss over queries of one to six attributes, each scored
     * against every image of the batch.
     *
     * @param queriesPerStep ranking queries a step
     * @param distribution which queries
     * @param ranking the ranking loss, on cosine similarities
     * @param rankingWeight what it counts beside the likelihood
     */
    record Ranking(int queriesPerStep, QueryDistribution distribution, PairLoss ranking, float rankingWeight)
            implements Objective {
        public Ranking {
            if (queriesPerStep < 2 || !(rankingWeight > 0)) {
                throw new IllegalArgumentException(
                        "ranking needs 2 or more queries a step and a positive weight, but was" + " given "
                                + queriesPerStep + " and " + rankingWeight);
            }
        }

        public Ranking asking(QueryDistribution queries) {
            return new Ranking(queriesPerStep, queries, ranking, rankingWeight);
        }
    }

    /** The negative log-likelihood of every attribute, and nothing else. */
    record Likelihood() implements Objective {}

    /** One triplet an image: its own attributes against another image's, or against its own with one to three flipped. */
    record ClassicTriplets(float margin) implements Objective {}
}
