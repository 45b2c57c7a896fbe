package dev.sightline.towers;

/** A model bundle cannot be used: damaged, of another format, or of another schema. The message names the way out. */
public final class UnusableBundleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnusableBundleException(String message) {
        super(message);
    }

    public UnusableBundleException(String message, Throwable cause) {
        super(message, cause);
    }
}
