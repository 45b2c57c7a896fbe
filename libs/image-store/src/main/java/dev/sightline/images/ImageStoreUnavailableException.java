package dev.sightline.images;

/** The store did not answer, or not with the bytes it was given: the same call may succeed later. */
public final class ImageStoreUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ImageStoreUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
