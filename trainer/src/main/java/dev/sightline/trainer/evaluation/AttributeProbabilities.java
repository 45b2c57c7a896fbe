package dev.sightline.trainer.evaluation;

import dev.sightline.domain.AttributeSchema;
import java.util.ArrayList;
import java.util.List;

/**
 * What independent attribute classifiers say of a gallery, as a ranker: an image's score is the sum over the asked
 * attributes of the log-probability that each is as asked. The strong baseline every joint embedding is held against.
 *
 * @param logits {@code [gallery][attributes]}; shared, not to be changed
 */
public record AttributeProbabilities(AttributeSchema schema, float[][] logits) {
    public AttributeProbabilities {
        for (float[] row : logits) {
            if (row.length != schema.size()) {
                throw new IllegalArgumentException("an image needs a logit for each of the " + schema.size()
                        + " attributes of schema '" + schema.name() + "', but one has " + row.length);
            }
        }
    }

    public Ranker ranker() {
        return Ranker.by(queries ->
                queries.stream().map(query -> summed(query.encode(schema))).toArray(float[][]::new));
    }

    private float[] summed(float[] asked) {
        List<Integer> named = new ArrayList<>();
        for (int attribute = 0; attribute < asked.length; attribute++) {
            if (asked[attribute] != 0) {
                named.add(attribute);
            }
        }
        float[] scores = new float[logits.length];
        for (int image = 0; image < logits.length; image++) {
            double sum = 0;
            for (int attribute : named) {
                sum += logSigmoid(asked[attribute] * logits[image][attribute]);
            }
            scores[image] = (float) sum;
        }
        return scores;
    }

    private static double logSigmoid(double logit) {
        return logit < 0 ? logit - Math.log1p(Math.exp(logit)) : -Math.log1p(Math.exp(-logit));
    }
}
