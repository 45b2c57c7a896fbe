package dev.sightline.trainer.evaluation;

/**
 * Macro averages over the queries of one size.
 *
 * @param chance the precision of a random ranking
 */
public record RetrievalScore(
        int querySize,
        double precisionAt10,
        double recallAt10,
        double meanAveragePrecisionAt10,
        double ndcgAt10,
        double chance,
        int queries,
        int leftOut) {}
