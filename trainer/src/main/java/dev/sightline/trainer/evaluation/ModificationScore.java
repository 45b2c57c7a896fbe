package dev.sightline.trainer.evaluation;

import dev.sightline.domain.AttributeQuery;
import dev.sightline.domain.Embedding;
import dev.sightline.domain.Label;
import dev.sightline.towers.QueryComposition;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The measures of Gomez, "Face images retrieval with attributes modifications" (2020), over the first ten results. A
 * result is correct if it is known to have (or not to have) the asked attribute.
 *
 * @param meanCorrect correct results a query, of ten
 * @param meanCosineSimilarity mean over all correct results of the cosine between the multi-hot label vectors of result
 *     and example, as labelled; 0 where one of them has no attribute at all
 * @param cosinePrecisionAt10 a correct result contributes that cosine, over ten places
 * @param queries how many were averaged
 */
public record ModificationScore(
        double meanCorrect, double meanCosineSimilarity, double cosinePrecisionAt10, int queries) {
    private static final int K = 10;
    private static final int BATCH = 256;

    /** Whether the example may be among its own results: it may in the published script, which flatters. */
    public enum ExampleInGallery {
        KEPT,
        REMOVED
    }

    /** @param queryTower the query tower of the model that embedded the gallery */
    public static ModificationScore of(
            EmbeddedGallery gallery,
            GalleryLabels labels,
            List<Modification> modifications,
            QueryComposition composition,
            Function<AttributeQuery, Embedding> queryTower,
            ExampleInGallery example) {
        Map<AttributeQuery, Embedding> asked = new HashMap<>();
        long correct = 0;
        double cosines = 0;
        for (int from = 0; from < modifications.size(); from += BATCH) {
            List<Modification> some = modifications.subList(from, Math.min(from + BATCH, modifications.size()));
            List<Embedding> points = new ArrayList<>();
            for (Modification modification : some) {
                points.add(composition.compose(
                        gallery.embeddings().get(modification.example()),
                        modification.change(),
                        query -> asked.computeIfAbsent(query, queryTower)));
            }
            float[][] scores = gallery.scores(points);
            for (int i = 0; i < scores.length; i++) {
                Modification modification = some.get(i);
                for (int result : TopK.of(scores[i], eligible(labels, modification, example), K)) {
                    if (isCorrect(labels, modification, result)) {
                        correct++;
                        cosines += cosine(labels.label(modification.example()), labels.label(result));
                    }
                }
            }
        }
        int queries = Math.max(1, modifications.size());
        return new ModificationScore(
                (double) correct / queries,
                correct == 0 ? 0 : cosines / correct,
                cosines / queries / K,
                modifications.size());
    }

    private static BitSet eligible(GalleryLabels labels, Modification modification, ExampleInGallery example) {
        var eligible = new BitSet(labels.size());
        eligible.set(0, labels.size());
        if (example == ExampleInGallery.REMOVED) {
            eligible.clear(modification.example());
        }
        return eligible;
    }

    private static boolean isCorrect(GalleryLabels labels, Modification modification, int result) {
        int attribute = labels.schema().ordinal(modification.attribute()).orElseThrow();
        return labels.label(result).at(attribute) == (modification.required() ? Label.PRESENT : Label.ABSENT);
    }

    /** Of the multi-hot vectors: present is 1, absent and unknown are 0. */
    private static double cosine(Label one, Label other) {
        int both = 0;
        int ones = 0;
        int others = 0;
        for (int attribute = 0; attribute < one.size(); attribute++) {
            boolean inOne = one.at(attribute) == Label.PRESENT;
            boolean inOther = other.at(attribute) == Label.PRESENT;
            ones += inOne ? 1 : 0;
            others += inOther ? 1 : 0;
            both += inOne && inOther ? 1 : 0;
        }
        return both == 0 ? 0 : both / Math.sqrt((double) ones * others);
    }
}
