package dev.sightline.images;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** The formats Sightline reads, told by their first bytes, never by a file's name. */
public enum ImageFormat {
    JPEG("image/jpeg", "jpeg"),
    PNG("image/png", "png"),
    WEBP("image/webp", "webp");

    private static final byte[] PNG_SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    private final String mediaType;
    private final String readerName;

    ImageFormat(String mediaType, String readerName) {
        this.mediaType = mediaType;
        this.readerName = readerName;
    }

    public String mediaType() {
        return mediaType;
    }

    /** The name ImageIO knows the format by. */
    String readerName() {
        return readerName;
    }

    /** The format whose signature the bytes start with; empty if none. */
    public static Optional<ImageFormat> sniff(byte[] bytes) {
        return Stream.of(values()).filter(format -> format.signs(bytes)).findFirst();
    }

    private boolean signs(byte[] bytes) {
        return switch (this) {
            case JPEG ->
                bytes.length >= 3 && bytes[0] == (byte) 0xff && bytes[1] == (byte) 0xd8 && bytes[2] == (byte) 0xff;
            case PNG ->
                bytes.length >= PNG_SIGNATURE.length
                        && Arrays.equals(bytes, 0, PNG_SIGNATURE.length, PNG_SIGNATURE, 0, PNG_SIGNATURE.length);
            case WEBP -> bytes.length >= 12 && ascii(bytes, 0, "RIFF") && ascii(bytes, 8, "WEBP");
        };
    }

    private static boolean ascii(byte[] bytes, int offset, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (bytes[offset + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
