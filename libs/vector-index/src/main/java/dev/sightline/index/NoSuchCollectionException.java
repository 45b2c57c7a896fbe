package dev.sightline.index;

/** The collection named does not exist, or no longer. */
public final class NoSuchCollectionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NoSuchCollectionException(String collection) {
        super("no collection '" + collection + "'");
    }
}
