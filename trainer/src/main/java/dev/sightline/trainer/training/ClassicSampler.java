package dev.sightline.trainer.training;

import dev.sightline.domain.Label;
import java.util.List;
import java.util.Random;

/**
 * The triplets of Gomez, "Face images retrieval with attributes modifications" (2020). For each image its positive is its
 * own row of attributes. Its negative is the row of another image, or, one time in three, its own with one to three
 * attributes flipped. Thread-safe.
 */
final class ClassicSampler implements QuerySource {
    private static final int MAX_FLIPS = 3;
    private static final int TRIES = 10;

    private final int attributes;

    ClassicSampler(int attributes) {
        this.attributes = attributes;
    }

    /** The positives of all images, in order, then their negatives. */
    @Override
    public QueryBatch sample(List<Label> images, Random random) {
        int count = images.size();
        byte[][] queries = new byte[2 * count][];
        for (int i = 0; i < count; i++) {
            queries[i] = row(images.get(i));
            queries[count + i] = random.nextInt(3) == 0 ? flipped(queries[i], random) : other(images, i, random);
        }
        return QueryBatch.against(images, queries);
    }

    private byte[] row(Label label) {
        byte[] row = new byte[attributes];
        for (int a = 0; a < attributes; a++) {
            row[a] = label.at(a);
        }
        return row;
    }

    /** Of an image with other attributes, unless ten draws find none. */
    private byte[] other(List<Label> images, int own, Random random) {
        Label found = images.get(random.nextInt(images.size()));
        for (int i = 0; i < TRIES && found.equals(images.get(own)); i++) {
            found = images.get(random.nextInt(images.size()));
        }
        return row(found);
    }

    private byte[] flipped(byte[] row, Random random) {
        byte[] hard = row.clone();
        int flips = 1 + random.nextInt(MAX_FLIPS);
        for (int i = 0; i < flips; i++) {
            int chosen = random.nextInt(attributes);
            hard[chosen] = row[chosen] == Label.PRESENT ? Label.ABSENT : Label.PRESENT;
        }
        return hard;
    }
}
