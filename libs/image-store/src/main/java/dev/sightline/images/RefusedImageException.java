package dev.sightline.images;

/** These bytes are not an image Sightline takes, and never will be. */
public final class RefusedImageException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why, for clients and counters. */
    public enum Reason {
        EMPTY,
        TOO_MANY_BYTES,
        UNSUPPORTED_FORMAT,
        TOO_MANY_PIXELS,
        TOO_SMALL,
        CORRUPT
    }

    private final Reason reason;

    public RefusedImageException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public RefusedImageException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
