package dev.sightline.trainer.evaluation;

import dev.sightline.domain.AttributeQuery;
import dev.sightline.domain.AttributeSchema;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Queries of one size, each attribute required or excluded with equal chance, that at least ten and at most half of the
 * judged images answer. Where all queries of the size can be tried they are, and more than {@code limit} that qualify are
 * thinned at random; else random ones are tried until {@code limit} qualify.
 *
 * @param possible how many queries of this size the schema allows
 * @param tried how many of them were held against the gallery
 * @param qualified how many of the tried have neither too few answers nor too many; the rest is left out
 */
public record QuerySet(int size, List<JudgedQuery> queries, double possible, int tried, int qualified) {
    public static final int MIN_RELEVANT = 10;
    private static final int EXHAUSTIVE = 100_000;
    private static final int TRIES_PER_QUERY = 100;

    public QuerySet {
        queries = List.copyOf(queries);
    }

    /** One set for each size from 1 to {@code maxSize}, or to the schema's if that is less. */
    public static List<QuerySet> upTo(int maxSize, GalleryLabels gallery, int limit, long seed) {
        return IntStream.rangeClosed(1, Math.min(maxSize, gallery.schema().size()))
                .mapToObj(size -> of(size, gallery, limit, seed))
                .toList();
    }

    /** @param limit the most queries to keep; the same seed keeps the same */
    public static QuerySet of(int size, GalleryLabels gallery, int limit, long seed) {
        double possible = possible(gallery.schema().size(), size);
        var random = new Random(seed);
        return possible <= EXHAUSTIVE
                ? exhaustive(size, gallery, limit, possible, random)
                : sampled(size, gallery, limit, possible, random);
    }

    /** How many of the tried were not used because too few or too many images answer them. */
    public int leftOut() {
        return tried - qualified;
    }

    /** What a random ranking scores: the mean over queries of the share of judged images that is relevant. */
    public double chance() {
        return queries.stream().mapToDouble(JudgedQuery::chance).average().orElse(0);
    }

    private static QuerySet exhaustive(int size, GalleryLabels gallery, int limit, double possible, Random random) {
        List<JudgedQuery> kept = new ArrayList<>();
        for (int[] signed : combinations(gallery.schema().size(), size)) {
            JudgedQuery judged = gallery.judge(query(gallery.schema(), signed));
            if (qualifies(judged)) {
                kept.add(judged);
            }
        }
        int qualified = kept.size();
        if (qualified > limit) {
            Collections.shuffle(kept, random);
            kept = kept.subList(0, limit);
        }
        return new QuerySet(size, kept, possible, (int) possible, qualified);
    }

    private static QuerySet sampled(int size, GalleryLabels gallery, int limit, double possible, Random random) {
        Set<AttributeQuery> tried = new LinkedHashSet<>();
        List<JudgedQuery> kept = new ArrayList<>();
        int attributes = gallery.schema().size();
        while (kept.size() < limit && tried.size() < (long) limit * TRIES_PER_QUERY) {
            int[] signed = random.ints(0, attributes)
                    .distinct()
                    .limit(size)
                    .map(attribute -> random.nextBoolean() ? attribute + 1 : -attribute - 1)
                    .toArray();
            AttributeQuery query = query(gallery.schema(), signed);
            if (tried.add(query)) {
                JudgedQuery judged = gallery.judge(query);
                if (qualifies(judged)) {
                    kept.add(judged);
                }
            }
        }
        return new QuerySet(size, kept, possible, tried.size(), kept.size());
    }

    private static boolean qualifies(JudgedQuery judged) {
        int relevant = judged.relevantCount();
        return relevant >= MIN_RELEVANT && 2 * relevant <= judged.judged().cardinality();
    }

    /** n over k, times two signs for each. */
    private static double possible(int attributes, int size) {
        double count = 1;
        for (int i = 0; i < size; i++) {
            count = count * (attributes - i) / (i + 1);
        }
        return Math.rint(count * Math.pow(2, size));
    }

    /** All choices of {@code size} attributes with all signs: attribute a as a + 1 if required, −a − 1 if excluded. */
    private static List<int[]> combinations(int attributes, int size) {
        List<int[]> all = new ArrayList<>();
        extend(new int[size], 0, 0, attributes, all);
        return all;
    }

    private static void extend(int[] chosen, int length, int from, int attributes, List<int[]> all) {
        if (length == chosen.length) {
            all.add(chosen.clone());
            return;
        }
        for (int attribute = from; attribute < attributes; attribute++) {
            for (int sign : new int[] {1, -1}) {
                chosen[length] = sign * (attribute + 1);
                extend(chosen, length + 1, attribute + 1, attributes, all);
            }
        }
    }

    private static AttributeQuery query(AttributeSchema schema, int[] signed) {
        Set<String> require = new LinkedHashSet<>();
        Set<String> exclude = new LinkedHashSet<>();
        for (int value : signed) {
            (value > 0 ? require : exclude).add(schema.attributes().get(Math.abs(value) - 1));
        }
        return new AttributeQuery(require, exclude);
    }
}
