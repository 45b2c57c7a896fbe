package dev.sightline.trainer.evaluation;

/**
 * How queries that name one attribute went, whatever else they ask.
 *
 * @param required their mean precision@10 where it is required; 0 without any
 * @param excluded likewise where it is excluded
 */
public record AttributeScore(
        String attribute, double required, int requiredQueries, double excluded, int excludedQueries) {

    public int queries() {
        return requiredQueries + excludedQueries;
    }

    /** Both kinds together; 0 without any. */
    public double precisionAt10() {
        return queries() == 0 ? 0 : (required * requiredQueries + excluded * excludedQueries) / queries();
    }
}
