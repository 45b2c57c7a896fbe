package dev.sightline.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.commons.text.similarity.JaroWinklerSimilarity;

/**
 * The ordered list of binary attributes an image may have. The order is the order of the query encoding, so two schemas
 * are the same only if names and order agree: see {@link #fingerprint}.
 */
public final class AttributeSchema {
    private static final double NEAR = 0.75;
    private static final int MAX_SUGGESTIONS = 3;

    private final String name;
    private final List<String> attributes;
    private final Map<String, Integer> ordinals;

    /** @throws IllegalArgumentException if there is no attribute, or one is blank or named twice */
    @JsonCreator
    public AttributeSchema(@JsonProperty("name") String name, @JsonProperty("attributes") List<String> attributes) {
        this.name = name;
        this.attributes = List.copyOf(attributes);
        this.ordinals = new HashMap<>();
        if (attributes.isEmpty()) {
            throw new IllegalArgumentException("attribute schema '" + name + "' has no attributes");
        }
        for (int i = 0; i < this.attributes.size(); i++) {
            String attribute = this.attributes.get(i);
            if (attribute.isBlank()) {
                throw new IllegalArgumentException("attribute " + i + " of schema '" + name + "' is blank");
            }
            if (ordinals.put(attribute, i) != null) {
                throw new IllegalArgumentException("schema '" + name + "' names attribute '" + attribute + "' twice");
            }
        }
    }

    @JsonProperty
    public String name() {
        return name;
    }

    @JsonProperty
    public List<String> attributes() {
        return attributes;
    }

    @JsonIgnore
    public int size() {
        return attributes.size();
    }

    /** The attribute's position in the encoding, 0-based; empty if the schema does not have it. */
    public OptionalInt ordinal(String attribute) {
        Integer ordinal = ordinals.get(attribute);
        return ordinal == null ? OptionalInt.empty() : OptionalInt.of(ordinal);
    }

    /** Up to three attributes whose names are like {@code misspelt}, nearest first; empty if none is near. */
    public List<String> nearest(String misspelt) {
        var similarity = new JaroWinklerSimilarity();
        String wanted = misspelt.toLowerCase(Locale.ROOT).replace(' ', '_');
        record Candidate(String attribute, double similarity) {}
        return attributes.stream()
                .map(attribute -> {
                    String known = attribute.toLowerCase(Locale.ROOT);
                    boolean contained = wanted.length() >= 3 && (known.contains(wanted) || wanted.contains(known));
                    return new Candidate(attribute, contained ? 1 : similarity.apply(wanted, known));
                })
                .filter(candidate -> candidate.similarity() >= NEAR)
                .sorted(Comparator.comparingDouble(Candidate::similarity).reversed())
                .limit(MAX_SUGGESTIONS)
                .map(Candidate::attribute)
                .toList();
    }

    /** The SHA-256 over names and order: equal for two schemas that encode queries alike, whatever they are called. */
    @JsonIgnore
    public ContentHash fingerprint() {
        return ContentHash.of(String.join("\n", attributes).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AttributeSchema schema
                && name.equals(schema.name)
                && attributes.equals(schema.attributes);
    }

    @Override
    public int hashCode() {
        return attributes.hashCode();
    }

    @Override
    public String toString() {
        return name + attributes;
    }
}
