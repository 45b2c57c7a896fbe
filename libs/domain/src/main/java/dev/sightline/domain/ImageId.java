package dev.sightline.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The identity of an image: the key of its events and the primary key of its vector.
 *
 * <p>An image uploaded over HTTP is named by the SHA-256 of its bytes, so the same bytes give the same id. A platform
 * that produces to Kafka may bring its own ids: any Unicode text of 1 to {@value #MAX_LENGTH} characters without control
 * characters.
 */
public record ImageId(@JsonValue String value) implements Comparable<ImageId> {
    public static final int MAX_LENGTH = 128;

    @JsonCreator
    public ImageId {
        if (value.isBlank() || value.length() > MAX_LENGTH || value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("image id must have 1 to " + MAX_LENGTH
                    + " characters, none of them a control character, but was '" + abbreviate(value) + "'");
        }
    }

    /** The id of an image known only by its content. */
    public static ImageId of(ContentHash hash) {
        return new ImageId(hash.hex());
    }

    @Override
    public int compareTo(ImageId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }

    private static String abbreviate(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
