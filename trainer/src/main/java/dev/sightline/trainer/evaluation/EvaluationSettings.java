package dev.sightline.trainer.evaluation;

/**
 * How thoroughly to evaluate.
 *
 * @param maxQuerySize attributes a query asks at most
 * @param queriesPerSize how many queries of each size are used at most
 * @param depth places ranked, for the curves; at least 10
 * @param examples how many images the published protocol starts from, beside its own four
 * @param seed of the choice of queries
 */
public record EvaluationSettings(int maxQuerySize, int queriesPerSize, int depth, int examples, long seed) {
    public static final EvaluationSettings DEFAULT = new EvaluationSettings(6, 2_000, 50, 1_000, 20_261_124);

    public EvaluationSettings {
        if (maxQuerySize < 1 || queriesPerSize < 1 || depth < 10 || examples < 1) {
            throw new IllegalArgumentException("an evaluation needs queries of 1 attribute or more, at least 1 of each"
                    + " size, 10 places or more and at least 1 example, but was given " + maxQuerySize + ", "
                    + queriesPerSize + ", " + depth + " and " + examples);
        }
    }
}
