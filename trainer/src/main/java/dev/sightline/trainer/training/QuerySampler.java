package dev.sightline.trainer.training;

import dev.sightline.domain.Label;
import java.util.List;
import java.util.Random;

/**
 * Makes the queries of a batch. Each starts from one image's own labels, all but a few of them masked, so that queries
 * of few attributes are what the query tower is trained on. Every second query is a hard negative of the one before: one or
 * two of its attributes flipped. Immutable.
 */
final class QuerySampler implements QuerySource {
    private static final double LEAST_SHARE = 0.01;

    private final int attributes;
    private final double[] presentWeight;
    private final double[] absentWeight;
    private final double[] sizes;
    private final int count;

    /** @param count queries a batch, half of them hard negatives */
    QuerySampler(List<Label> labels, int attributes, int count, QueryDistribution distribution) {
        this.attributes = attributes;
        this.count = count;
        this.sizes = distribution.sizes().stream()
                .limit(attributes)
                .mapToDouble(Double::doubleValue)
                .toArray();
        this.presentWeight = new double[attributes];
        this.absentWeight = new double[attributes];
        for (int a = 0; a < attributes; a++) {
            int present = 0;
            int absent = 0;
            for (Label label : labels) {
                present += label.at(a) == Label.PRESENT ? 1 : 0;
                absent += label.at(a) == Label.ABSENT ? 1 : 0;
            }
            double known = Math.max(1, present + absent);
            presentWeight[a] = Math.pow(Math.max(LEAST_SHARE, present / known), -distribution.balance());
            absentWeight[a] = Math.pow(Math.max(LEAST_SHARE, absent / known), -distribution.balance());
        }
    }

    @Override
    public QueryBatch sample(List<Label> images, Random random) {
        byte[][] queries = new byte[count][];
        for (int q = 0; q < count; q++) {
            queries[q] = q % 2 == 1
                    ? flipped(queries[q - 1], random)
                    : fromLabel(images.get(random.nextInt(images.size())), random);
        }
        return QueryBatch.against(images, queries);
    }

    private byte[] fromLabel(Label label, Random random) {
        byte[] query = new byte[attributes];
        int size = Math.max(0, draw(sizes, random)) + 1;
        double[] weights = new double[attributes];
        for (int a = 0; a < attributes; a++) {
            weights[a] = switch (label.at(a)) {
                case Label.PRESENT -> presentWeight[a];
                case Label.ABSENT -> absentWeight[a];
                default -> 0;
            };
        }
        for (int i = 0; i < size; i++) {
            int chosen = draw(weights, random);
            if (chosen < 0) {
                break;
            }
            query[chosen] = label.at(chosen);
            weights[chosen] = 0;
        }
        return query;
    }

    private byte[] flipped(byte[] query, Random random) {
        byte[] hard = query.clone();
        double[] asked = new double[attributes];
        int size = 0;
        for (int a = 0; a < attributes; a++) {
            asked[a] = Math.abs(query[a]);
            size += Math.abs(query[a]);
        }
        int flips = size > 2 && random.nextBoolean() ? 2 : 1;
        for (int i = 0; i < flips; i++) {
            int chosen = draw(asked, random);
            if (chosen >= 0) {
                hard[chosen] = (byte) -hard[chosen];
                asked[chosen] = 0;
            }
        }
        return hard;
    }

    /** An index with probability proportional to its weight; −1 if all are 0. */
    private static int draw(double[] weights, Random random) {
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        double point = random.nextDouble() * sum;
        for (int i = 0; i < weights.length; i++) {
            point -= weights[i];
            if (weights[i] > 0 && point < 0) {
                return i;
            }
        }
        return -1;
    }
}
