package dev.sightline.trainer.evaluation;

import dev.sightline.domain.AttributeQuery;
import dev.sightline.domain.AttributeSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * "Like this one, but with" or "but without": one query of the published protocol.
 *
 * @param example ordinal of the example in the gallery
 * @param required whether the attribute is to be there, or not to be
 */
public record Modification(int example, String attribute, boolean required) {
    /** As the published list of queries has them, one of them twice. */
    private static final List<String> PUBLISHED = List.of(
            "Black_Hair",
            "Blond_Hair",
            "Eyeglasses",
            "Male",
            "Mustache",
            "No_Beard",
            "Smiling",
            "Wearing_Hat",
            "Wearing_Hat",
            "Young",
            "Wearing_Necklace");

    private static final int PUBLISHED_EXAMPLES = 4;

    AttributeQuery change() {
        return required
                ? AttributeQuery.of(List.of(attribute), List.of())
                : AttributeQuery.of(List.of(), List.of(attribute));
    }

    /** Whether the example does not yet have what is asked; false where that is unknown. */
    boolean changes(GalleryLabels gallery) {
        int ordinal = gallery.schema().ordinal(attribute).orElseThrow();
        return gallery.label(example).at(ordinal) == (required ? -1 : 1);
    }

    /**
     * The published list of 88 queries: the last four test images, each with and without each of eleven attributes (those
     * the schema lacks are left out), whether or not the example has it already.
     */
    public static List<Modification> published(GalleryLabels gallery) {
        return of(
                IntStream.range(Math.max(0, gallery.size() - PUBLISHED_EXAMPLES), gallery.size())
                        .toArray(),
                published(gallery.schema()));
    }

    /** The same of up to {@code examples} images, evenly spread, each attribute once: more queries, so less luck. */
    public static List<Modification> ofMany(GalleryLabels gallery, int examples) {
        int count = Math.min(examples, gallery.size());
        return of(
                IntStream.range(0, count)
                        .map(i -> (int) ((long) i * gallery.size() / count))
                        .toArray(),
                published(gallery.schema()).stream().distinct().toList());
    }

    private static List<String> published(AttributeSchema schema) {
        List<String> known = PUBLISHED.stream()
                .filter(attribute -> schema.ordinal(attribute).isPresent())
                .toList();
        return known.isEmpty() ? schema.attributes() : known;
    }

    private static List<Modification> of(int[] examples, List<String> attributes) {
        List<Modification> all = new ArrayList<>();
        for (int example : examples) {
            for (String attribute : attributes) {
                all.add(new Modification(example, attribute, true));
                all.add(new Modification(example, attribute, false));
            }
        }
        return all;
    }
}
