package dev.sightline.towers;

import dev.sightline.domain.AttributeQuery;
import dev.sightline.domain.Embedding;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * How an example image and a change of attributes become one point of the embedding space: "like this one, but smiling".
 * Immutable and thread-safe.
 */
public sealed interface QueryComposition {
    /** The better of the two on every measure of Gomez (2020); see docs/adr/0040. */
    QueryComposition DEFAULT = new Replacement(0.6);

    /**
     * Where to search.
     *
     * @param change the attributes the results are to have or not to have, whatever the example has; none leaves the
     *     example as it is
     * @param queryTower the query tower of the model that embedded {@code example}
     */
    Embedding compose(Embedding example, AttributeQuery change, Function<AttributeQuery, Embedding> queryTower);

    /**
     * Adds the embedding of each required attribute and subtracts that of each excluded one: Gomez, "Face images
     * retrieval with attributes modifications" (2020). What the example has of an attribute stays in the sum, for the
     * change or against it. A sum of nothing at all gives the example.
     *
     * @param multiplier of an attribute, the example counting 1
     */
    record PlainSum(double multiplier) implements QueryComposition {
        @Override
        public Embedding compose(
                Embedding example, AttributeQuery change, Function<AttributeQuery, Embedding> queryTower) {
            double[] sum = doubles(example);
            change.require().forEach(name -> add(multiplier, queryTower.apply(only(name)), sum));
            change.exclude().forEach(name -> add(-multiplier, queryTower.apply(only(name)), sum));
            return normalised(sum, example);
        }
    }

    /**
     * Replaces what the example says of each asked attribute by what is asked. The direction of an attribute is the
     * difference between the query that requires it and the one that excludes it. The example's components along the
     * asked directions are removed, and the asked side of each is put in their place: an example that contradicts the
     * change gets as far as one that does not, and nothing else of it is lost.
     *
     * @param weight of one asked attribute, what is kept of the example counting 1
     */
    record Replacement(double weight) implements QueryComposition {
        private static final double NEARLY_NOTHING = 1e-6;

        @Override
        public Embedding compose(
                Embedding example, AttributeQuery change, Function<AttributeQuery, Embedding> queryTower) {
            if (change.size() == 0) {
                return example;
            }
            double[] kept = doubles(example);
            double[] asked = new double[kept.length];
            List<double[]> basis = new ArrayList<>();
            for (double[] direction : directions(change, queryTower)) {
                add(1, direction, asked);
                orthogonalise(direction, basis);
                if (scaled(direction)) {
                    basis.add(direction);
                }
            }
            orthogonalise(kept, basis);
            boolean somethingKept = scaled(kept);
            if (!scaled(asked)) {
                return example;
            }
            // Two asked attributes weigh √2 as much as one: their directions are nearly orthogonal.
            double[] point = somethingKept ? kept : new double[asked.length];
            add(weight * Math.sqrt(change.size()), asked, point);
            return normalised(point, example);
        }

        private static List<double[]> directions(
                AttributeQuery change, Function<AttributeQuery, Embedding> queryTower) {
            List<double[]> directions = new ArrayList<>();
            change.require().forEach(name -> directions.add(direction(name, 1, queryTower)));
            change.exclude().forEach(name -> directions.add(direction(name, -1, queryTower)));
            return directions;
        }

        private static double[] direction(String attribute, int sign, Function<AttributeQuery, Embedding> queryTower) {
            double[] direction = new double[queryTower.apply(only(attribute)).dimension()];
            add(sign, queryTower.apply(only(attribute)), direction);
            add(-sign, queryTower.apply(without(attribute)), direction);
            scaled(direction);
            return direction;
        }

        private static void orthogonalise(double[] vector, List<double[]> basis) {
            for (double[] unit : basis) {
                add(-dot(vector, unit), unit, vector);
            }
        }

        /** To unit length; false, unchanged, if there is next to nothing of it. */
        private static boolean scaled(double[] vector) {
            double length = Math.sqrt(dot(vector, vector));
            if (length < NEARLY_NOTHING) {
                return false;
            }
            for (int i = 0; i < vector.length; i++) {
                vector[i] /= length;
            }
            return true;
        }

        private static double dot(double[] one, double[] other) {
            double sum = 0;
            for (int i = 0; i < one.length; i++) {
                sum += one[i] * other[i];
            }
            return sum;
        }
    }

    private static AttributeQuery only(String attribute) {
        return AttributeQuery.of(List.of(attribute), List.of());
    }

    private static AttributeQuery without(String attribute) {
        return AttributeQuery.of(List.of(), List.of(attribute));
    }

    private static double[] doubles(Embedding embedding) {
        float[] values = embedding.toArray();
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }

    private static void add(double factor, Embedding embedding, double[] to) {
        add(factor, doubles(embedding), to);
    }

    private static void add(double factor, double[] vector, double[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * vector[i];
        }
    }

    private static Embedding normalised(double[] vector, Embedding otherwise) {
        float[] values = new float[vector.length];
        boolean nothing = true;
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) vector[i];
            nothing &= values[i] == 0;
        }
        return nothing ? otherwise : Embedding.normalised(values);
    }
}
