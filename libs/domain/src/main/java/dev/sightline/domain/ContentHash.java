package dev.sightline.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** The SHA-256 of an image's bytes, as 64 lower-case hexadecimal digits: its address in the image store. */
public record ContentHash(@JsonValue String hex) {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    @JsonCreator
    public ContentHash {
        if (!HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException(
                    "a content hash is 64 lower-case hexadecimal digits, but this has " + hex.length() + " characters");
        }
    }

    /** Hashes {@code bytes}. */
    public static ContentHash of(byte[] bytes) {
        try {
            return new ContentHash(HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return hex;
    }
}
