package dev.sightline.trainer.dataset;

import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.ContentHash;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Labelled images under one schema. */
public record Dataset(AttributeSchema schema, List<Example> examples) {
    public Dataset {
        examples = List.copyOf(examples);
    }

    public List<Example> examples(Split split) {
        return examples.stream().filter(example -> example.split() == split).toList();
    }

    /** Changes when a file's name or length, a label, a split or the schema does. */
    public ContentHash fingerprint() {
        var text = new StringBuilder(schema.fingerprint().hex());
        for (Example example : examples) {
            text.append('\n')
                    .append(example.file().getFileName())
                    .append(':')
                    .append(example.file().toFile().length())
                    .append(example.label())
                    .append(example.split());
        }
        return ContentHash.of(text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
