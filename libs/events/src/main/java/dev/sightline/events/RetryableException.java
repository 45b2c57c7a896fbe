package dev.sightline.events;

/** The event cannot be handled now, but may be later: it is tried again, and its offset stays uncommitted. */
public final class RetryableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RetryableException(String message) {
        super(message);
    }

    public RetryableException(String message, Throwable cause) {
        super(message, cause);
    }
}
