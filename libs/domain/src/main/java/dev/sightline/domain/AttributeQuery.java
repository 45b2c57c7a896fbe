package dev.sightline.domain;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What is asked of an image: attributes it must have and attributes it must not have; all others are open. */
public record AttributeQuery(Set<String> require, Set<String> exclude) {

    /** @throws IllegalArgumentException if an attribute is both required and excluded */
    public AttributeQuery {
        require = Collections.unmodifiableSet(new LinkedHashSet<>(require));
        exclude = Collections.unmodifiableSet(new LinkedHashSet<>(exclude));
        for (String attribute : require) {
            if (exclude.contains(attribute)) {
                throw new IllegalArgumentException("'" + attribute + "' is both required and excluded");
            }
        }
    }

    public static AttributeQuery of(List<String> require, List<String> exclude) {
        return new AttributeQuery(new LinkedHashSet<>(require), new LinkedHashSet<>(exclude));
    }

    /** The number of attributes asked for, either way. */
    public int size() {
        return require.size() + exclude.size();
    }

    /**
     * The ternary encoding, shape {@code [schema.size()]}: +1 required, −1 excluded, 0 open.
     *
     * @throws UnknownAttributeException if the schema lacks an attribute asked for
     */
    public float[] encode(AttributeSchema schema) {
        float[] encoded = new float[schema.size()];
        for (String attribute : require) {
            encoded[ordinal(schema, attribute)] = 1;
        }
        for (String attribute : exclude) {
            encoded[ordinal(schema, attribute)] = -1;
        }
        return encoded;
    }

    /**
     * Whether an image so labelled answers the query: every asked attribute is known and as asked.
     *
     * @throws UnknownAttributeException if the schema lacks an attribute asked for
     */
    public boolean isSatisfiedBy(Label label, AttributeSchema schema) {
        return require.stream().allMatch(attribute -> label.at(ordinal(schema, attribute)) == Label.PRESENT)
                && exclude.stream().allMatch(attribute -> label.at(ordinal(schema, attribute)) == Label.ABSENT);
    }

    private static int ordinal(AttributeSchema schema, String attribute) {
        return schema.ordinal(attribute).orElseThrow(() -> new UnknownAttributeException(schema, attribute));
    }

    /** As a person would say it: {@code Male + Smiling − Eyeglasses}. */
    @Override
    public String toString() {
        String required = String.join(" + ", require);
        String excluded = exclude.isEmpty() ? "" : "− " + String.join(" − ", exclude);
        return required.isEmpty() ? excluded : excluded.isEmpty() ? required : required + " " + excluded;
    }
}
