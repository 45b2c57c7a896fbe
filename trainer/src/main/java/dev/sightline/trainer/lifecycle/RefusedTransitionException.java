package dev.sightline.trainer.lifecycle;

/** A version cannot be brought into the state asked for; the message says why and what can be done. */
public final class RefusedTransitionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedTransitionException(String message) {
        super(message);
    }
}
