package dev.sightline.trainer.lifecycle;

/** Another coordinator acts, or none does yet; ask that one, or try again. */
public final class NotActingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotActingException() {
        super("this trainer does not coordinate the models now; another one does, or will in a moment");
    }
}
