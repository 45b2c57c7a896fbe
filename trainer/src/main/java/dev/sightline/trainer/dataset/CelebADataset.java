package dev.sightline.trainer.dataset;

import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.Label;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A dataset in the layout of CelebA (Liu et al., "Deep Learning Face Attributes in the Wild", ICCV 2015):
 * {@code img_align_celeba/}, {@code list_attr_celeba.txt} with 1, −1 or (ours) 0 for unknown, and optionally
 * {@code list_eval_partition.txt} with 0 train, 1 validation, 2 test. Without the latter, one file in ten is validation
 * and one in ten is test, by a hash of its name.
 */
public final class CelebADataset {
    private static final String IMAGES = "img_align_celeba";
    private static final String ATTRIBUTES = "list_attr_celeba.txt";
    private static final String PARTITION = "list_eval_partition.txt";

    private CelebADataset() {}

    /** @throws InvalidDatasetException if a file is missing or malformed */
    public static Dataset read(Path directory) {
        Path images = directory.resolve(IMAGES);
        if (!Files.isDirectory(images)) {
            throw new InvalidDatasetException("there is no folder " + images + "; a dataset holds " + IMAGES + "/, "
                    + ATTRIBUTES + " and optionally " + PARTITION);
        }
        List<String> lines = lines(directory.resolve(ATTRIBUTES));
        if (lines.size() < 3) {
            throw new InvalidDatasetException(directory.resolve(ATTRIBUTES)
                    + " needs a count, a line of attribute names, and a line for each image");
        }
        var schema = new AttributeSchema("celeba", List.of(lines.get(1).strip().split("\\s+")));
        Map<String, Split> splits = splits(directory.resolve(PARTITION));
        List<Example> examples = new ArrayList<>(lines.size());
        for (int i = 2; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                examples.add(example(directory, i, lines.get(i), schema, splits));
            }
        }
        return new Dataset(schema, examples);
    }

    private static Example example(
            Path directory, int lineIndex, String line, AttributeSchema schema, Map<String, Split> splits) {
        String[] fields = line.strip().split("\\s+");
        if (fields.length != schema.size() + 1) {
            throw new InvalidDatasetException(directory.resolve(ATTRIBUTES) + ", line " + (lineIndex + 1) + ", has "
                    + (fields.length - 1) + " labels; expected " + schema.size());
        }
        byte[] values = new byte[schema.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (fields[i + 1]) {
                case "1" -> Label.PRESENT;
                case "-1" -> Label.ABSENT;
                case "0" -> Label.UNKNOWN;
                default ->
                    throw new InvalidDatasetException(directory.resolve(ATTRIBUTES) + ", line " + (lineIndex + 1)
                            + ": a label is 1, -1 or 0, not '" + fields[i + 1] + "'");
            };
        }
        Split split = splits.isEmpty() ? Split.ofName(fields[0]) : splits.getOrDefault(fields[0], Split.TRAIN);
        return new Example(new Photo.InFile(directory.resolve(IMAGES).resolve(fields[0])), Label.of(values), split);
    }

    private static Map<String, Split> splits(Path file) {
        Map<String, Split> splits = new HashMap<>();
        if (!Files.exists(file)) {
            return splits;
        }
        for (String line : lines(file)) {
            String[] fields = line.strip().split("\\s+");
            if (fields.length == 2) {
                splits.put(
                        fields[0],
                        switch (fields[1]) {
                            case "0" -> Split.TRAIN;
                            case "1" -> Split.VALIDATION;
                            case "2" -> Split.TEST;
                            default ->
                                throw new InvalidDatasetException(
                                        file + ": a split is 0 (train), 1 (validation) or 2 (test), not '" + fields[1]
                                                + "'");
                        });
            }
        }
        return splits;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new InvalidDatasetException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
