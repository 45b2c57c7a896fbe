package dev.sightline.domain;

import java.util.Arrays;
import java.util.Map;

/**
 * What is known of one image's attributes under one schema: each present, absent or unknown. Immutable; one byte an
 * attribute.
 */
public final class Label {
    public static final byte PRESENT = 1;
    public static final byte ABSENT = -1;
    public static final byte UNKNOWN = 0;

    private final byte[] values;

    private Label(byte[] values) {
        this.values = values;
    }

    /**
     * Takes one of {@link #PRESENT}, {@link #ABSENT}, {@link #UNKNOWN} for each attribute, in the schema's order.
     *
     * @throws IllegalArgumentException if there is any other value
     */
    public static Label of(byte[] values) {
        for (byte value : values) {
            if (value < ABSENT || value > PRESENT) {
                throw new IllegalArgumentException("a label is 1 (present), -1 (absent) or 0 (unknown), not " + value);
            }
        }
        return new Label(values.clone());
    }

    /**
     * Takes named attributes; those not named are unknown.
     *
     * @throws UnknownAttributeException if the schema lacks one
     */
    public static Label of(AttributeSchema schema, Map<String, Boolean> known) {
        byte[] values = new byte[schema.size()];
        known.forEach((attribute, present) -> {
            int ordinal = schema.ordinal(attribute).orElseThrow(() -> new UnknownAttributeException(schema, attribute));
            values[ordinal] = present ? PRESENT : ABSENT;
        });
        return new Label(values);
    }

    /** {@link #PRESENT}, {@link #ABSENT} or {@link #UNKNOWN}. */
    public byte at(int ordinal) {
        return values[ordinal];
    }

    public int size() {
        return values.length;
    }

    /** This label where {@code newer} says nothing, and what {@code newer} says elsewhere. */
    public Label overlaid(Label newer) {
        byte[] merged = values.clone();
        for (int i = 0; i < merged.length; i++) {
            if (newer.values[i] != UNKNOWN) {
                merged[i] = newer.values[i];
            }
        }
        return new Label(merged);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Label label && Arrays.equals(values, label.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "Label" + Arrays.toString(values);
    }
}
