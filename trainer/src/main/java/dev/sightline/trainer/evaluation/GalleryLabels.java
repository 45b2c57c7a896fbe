package dev.sightline.trainer.evaluation;

import dev.sightline.domain.AttributeQuery;
import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.Label;
import dev.sightline.domain.UnknownAttributeException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** The labels of a gallery, turned on their side: for each value of each attribute, which images have it. Immutable. */
public final class GalleryLabels {
    private final AttributeSchema schema;
    private final List<Label> labels;
    private final List<BitSet> present = new ArrayList<>();
    private final List<BitSet> absent = new ArrayList<>();

    public GalleryLabels(AttributeSchema schema, List<Label> labels) {
        this.schema = schema;
        this.labels = List.copyOf(labels);
        for (int attribute = 0; attribute < schema.size(); attribute++) {
            present.add(having(attribute, Label.PRESENT));
            absent.add(having(attribute, Label.ABSENT));
        }
    }

    private BitSet having(int attribute, byte value) {
        var images = new BitSet(labels.size());
        for (int i = 0; i < labels.size(); i++) {
            images.set(i, labels.get(i).at(attribute) == value);
        }
        return images;
    }

    public AttributeSchema schema() {
        return schema;
    }

    public int size() {
        return labels.size();
    }

    public Label label(int ordinal) {
        return labels.get(ordinal);
    }

    /** @throws UnknownAttributeException if the schema lacks an attribute asked for */
    public JudgedQuery judge(AttributeQuery query) {
        var relevant = new BitSet(size());
        relevant.set(0, size());
        var contradicting = new BitSet(size());
        for (String attribute : query.require()) {
            relevant.and(present.get(ordinal(attribute)));
            contradicting.or(absent.get(ordinal(attribute)));
        }
        for (String attribute : query.exclude()) {
            relevant.and(absent.get(ordinal(attribute)));
            contradicting.or(present.get(ordinal(attribute)));
        }
        contradicting.or(relevant);
        return new JudgedQuery(query, relevant, contradicting);
    }

    private int ordinal(String attribute) {
        return schema.ordinal(attribute).orElseThrow(() -> new UnknownAttributeException(schema, attribute));
    }
}
