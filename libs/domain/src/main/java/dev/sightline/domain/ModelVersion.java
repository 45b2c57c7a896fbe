package dev.sightline.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** The name of one immutable model bundle and of its embedding space, for example {@code v20261124-141502-7f3a}. */
public record ModelVersion(@JsonValue String value) implements Comparable<ModelVersion> {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9-]{0,62}");

    @JsonCreator
    public ModelVersion {
        if (!NAME.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "a model version is 1 to 63 letters, digits or hyphens, but was '" + value + "'");
        }
    }

    /** The collection that holds this version's vectors: hyphens become underscores, as Milvus wants. */
    public String collection(String prefix) {
        return prefix + "_" + value.replace('-', '_');
    }

    @Override
    public int compareTo(ModelVersion other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
