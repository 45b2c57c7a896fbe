package dev.sightline.events;

/** This event will never be handled, however often it is tried: it goes to the dead-letter topic. */
public final class RefusedEventException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why, for counters and dead-letter headers. */
    public enum Reason {
        MALFORMED,
        UNKNOWN_TYPE,
        UNSUPPORTED_VERSION,
        IMAGE_REFUSED,
        IMAGE_MISSING,
        NOT_EMBEDDABLE,
        BUG
    }

    private final Reason reason;

    public RefusedEventException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public RefusedEventException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
