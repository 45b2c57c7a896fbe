package dev.sightline.embed;

/** A version's tower makes no valid embedding of an image, also when it is the only one in its batch. */
final class NotEmbeddableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotEmbeddableException(Prepared image, LiveModel model, RuntimeException cause) {
        super(model.version() + " cannot embed image '" + image.id() + "': " + cause.getMessage(), cause);
    }
}
