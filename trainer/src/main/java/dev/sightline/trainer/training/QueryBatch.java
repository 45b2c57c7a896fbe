package dev.sightline.trainer.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.sightline.domain.Label;
import dev.sightline.trainer.loss.Pairs;
import java.util.List;

/**
 * Queries for one batch of images, and which image answers which.
 *
 * @param queries {@code [count × attributes]}, row by row: +1, −1, 0
 * @param positives {@code [count × images]}, row by row: 1 where the image is known to answer, else 0
 * @param negatives likewise: 1 where it is known not to
 * @param disagreements likewise: how many asked attributes it is known to contradict
 */
record QueryBatch(int count, float[] queries, float[] positives, float[] negatives, float[] disagreements) {

    /** Relates every query to every image. */
    static QueryBatch against(List<Label> images, byte[][] queries) {
        int attributes = images.getFirst().size();
        int pairs = queries.length * images.size();
        float[] encoded = new float[queries.length * attributes];
        float[] positives = new float[pairs];
        float[] negatives = new float[pairs];
        float[] disagreements = new float[pairs];
        for (int q = 0; q < queries.length; q++) {
            for (int a = 0; a < attributes; a++) {
                encoded[q * attributes + a] = queries[q][a];
            }
            for (int i = 0; i < images.size(); i++) {
                int pair = q * images.size() + i;
                int contradicted = contradicted(queries[q], images.get(i));
                disagreements[pair] = contradicted;
                negatives[pair] = contradicted > 0 ? 1 : 0;
                positives[pair] = contradicted == 0 && allKnown(queries[q], images.get(i)) ? 1 : 0;
            }
        }
        return new QueryBatch(queries.length, encoded, positives, negatives, disagreements);
    }

    /** Every attribute asked for, then every attribute excluded, one a query. */
    static byte[][] single(int attributes) {
        byte[][] queries = new byte[2 * attributes][attributes];
        for (int a = 0; a < attributes; a++) {
            queries[a][a] = Label.PRESENT;
            queries[attributes + a][a] = Label.ABSENT;
        }
        return queries;
    }

    private static int contradicted(byte[] query, Label label) {
        int count = 0;
        for (int a = 0; a < query.length; a++) {
            count += query[a] != 0 && label.at(a) == -query[a] ? 1 : 0;
        }
        return count;
    }

    private static boolean allKnown(byte[] query, Label label) {
        for (int a = 0; a < query.length; a++) {
            if (query[a] != 0 && label.at(a) == Label.UNKNOWN) {
                return false;
            }
        }
        return true;
    }

    /** {@code [count, attributes]}. */
    NDArray encoded(NDManager manager) {
        return manager.create(queries, new Shape(count, queries.length / Math.max(1, count)));
    }

    Pairs pairs(NDManager manager) {
        var shape = new Shape(count, positives.length / Math.max(1, count));
        return new Pairs(
                manager.create(positives, shape),
                manager.create(negatives, shape),
                manager.create(disagreements, shape));
    }
}
