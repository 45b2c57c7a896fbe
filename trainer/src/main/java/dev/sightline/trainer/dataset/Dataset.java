package dev.sightline.trainer.dataset;

import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.ContentHash;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/** Labelled images under one schema. */
public record Dataset(AttributeSchema schema, List<Example> examples) {
    public Dataset {
        examples = List.copyOf(examples);
    }

    public List<Example> examples(Split split) {
        return examples.stream().filter(example -> example.split() == split).toList();
    }

    /** Changes when an image, a label, a split or the schema does. */
    public ContentHash fingerprint() {
        return hash(
                schema.fingerprint().hex(),
                example -> example.photo().fingerprint() + example.label() + example.split());
    }

    /** Changes when an image does, whatever is known of it. */
    ContentHash photosFingerprint() {
        return hash("", example -> example.photo().fingerprint());
    }

    private ContentHash hash(String head, Function<Example, String> line) {
        var text = new StringBuilder(head);
        examples.forEach(example -> text.append('\n').append(line.apply(example)));
        return ContentHash.of(text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
