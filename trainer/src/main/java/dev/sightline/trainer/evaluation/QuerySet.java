package dev.sightline.trainer.evaluation;

import dev.sightline.domain.AttributeQuery;
import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.Label;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * The queries of one size a model is judged by: those that at least ten and at most half of the gallery answer.
 *
 * @param leftOut how many had fewer than ten answers or more than half of the gallery
 */
public record QuerySet(int size, List<Judged> queries, int leftOut) {
    private static final int MIN_RELEVANT = 10;
    private static final int MAX_QUERIES = 1_000;

    /** A query and which ordinals of the gallery answer it. */
    public record Judged(AttributeQuery query, boolean[] relevant, int relevantCount) {}

    /** Every query of one attribute both ways; of more, up to a thousand combinations with signs at random. */
    public static QuerySet of(AttributeSchema schema, List<Label> gallery, int size, long seed) {
        List<Judged> kept = new ArrayList<>();
        int leftOut = 0;
        for (AttributeQuery query : candidates(schema, size, new Random(seed))) {
            Judged judged = judge(query, schema, gallery);
            if (judged.relevantCount() >= MIN_RELEVANT && judged.relevantCount() <= gallery.size() / 2) {
                if (kept.size() < MAX_QUERIES) {
                    kept.add(judged);
                }
            } else {
                leftOut++;
            }
        }
        return new QuerySet(size, kept, leftOut);
    }

    /** The mean share of the gallery that answers: what a random ranking scores. */
    public double chance() {
        return queries.stream()
                .mapToDouble(judged -> (double) judged.relevantCount() / judged.relevant().length)
                .average()
                .orElse(0);
    }

    private static Judged judge(AttributeQuery query, AttributeSchema schema, List<Label> gallery) {
        boolean[] relevant = new boolean[gallery.size()];
        int count = 0;
        for (int i = 0; i < relevant.length; i++) {
            relevant[i] = query.isSatisfiedBy(gallery.get(i), schema);
            count += relevant[i] ? 1 : 0;
        }
        return new Judged(query, relevant, count);
    }

    private static Set<AttributeQuery> candidates(AttributeSchema schema, int size, Random random) {
        Set<AttributeQuery> candidates = new LinkedHashSet<>();
        if (size == 1) {
            for (String attribute : schema.attributes()) {
                candidates.add(AttributeQuery.of(List.of(attribute), List.of()));
                candidates.add(AttributeQuery.of(List.of(), List.of(attribute)));
            }
            return candidates;
        }
        for (int i = 0; i < 4 * MAX_QUERIES; i++) {
            Set<String> required = new LinkedHashSet<>();
            Set<String> excluded = new LinkedHashSet<>();
            while (required.size() + excluded.size() < Math.min(size, schema.size())) {
                String attribute = schema.attributes().get(random.nextInt(schema.size()));
                if (!required.contains(attribute) && !excluded.contains(attribute)) {
                    (random.nextBoolean() ? required : excluded).add(attribute);
                }
            }
            candidates.add(new AttributeQuery(required, excluded));
        }
        return candidates;
    }
}
