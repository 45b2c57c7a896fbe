package dev.sightline.ingest;

/** Nothing can be accepted right now; the same request may succeed later. */
public final class IngestUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public IngestUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
