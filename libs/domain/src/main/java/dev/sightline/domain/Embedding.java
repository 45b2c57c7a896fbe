package dev.sightline.domain;

import java.util.Arrays;

/**
 * A point of an embedding space: {@code dimension} finite floats of unit length, so that the inner product of two is
 * their cosine similarity. Owns its array: copied in and out.
 */
public final class Embedding {
    private static final float UNIT_TOLERANCE = 1e-3f;
    private final float[] values;

    private Embedding(float[] values) {
        this.values = values;
    }

    /**
     * Takes a vector that a tower has already normalised.
     *
     * @throws IllegalArgumentException if a value is not finite or the length differs from 1 by more than 1e-3
     */
    public static Embedding ofUnit(float[] values) {
        double length = length(values);
        if (!(Math.abs(length - 1) <= UNIT_TOLERANCE)) {
            throw new IllegalArgumentException("an embedding has length 1, but this one has " + length);
        }
        return new Embedding(values.clone());
    }

    /**
     * Normalises any finite non-zero vector.
     *
     * @throws IllegalArgumentException if the vector is zero or a value is not finite
     */
    public static Embedding normalised(float[] values) {
        double length = length(values);
        if (!(length > 0) || Double.isInfinite(length)) {
            throw new IllegalArgumentException("cannot normalise a vector of length " + length);
        }
        float[] unit = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            unit[i] = (float) (values[i] / length);
        }
        return new Embedding(unit);
    }

    public int dimension() {
        return values.length;
    }

    /** A copy of the values. */
    public float[] toArray() {
        return values.clone();
    }

    /**
     * Cosine similarity, in −1..1; higher is closer.
     *
     * @throws IllegalArgumentException if the dimensions differ
     */
    public float score(Embedding other) {
        if (other.values.length != values.length) {
            throw new IllegalArgumentException("embeddings of " + values.length + " and " + other.values.length
                    + " dimensions cannot be compared");
        }
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += (double) values[i] * other.values[i];
        }
        return (float) sum;
    }

    private static double length(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Embedding embedding && Arrays.equals(values, embedding.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "Embedding[dimension=" + values.length + "]";
    }
}
