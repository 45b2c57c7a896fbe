package dev.sightline.service;

/** A request cannot be answered as asked; the client is told why. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public ProblemException(Problem problem) {
        super(problem.detail());
        this.problem = problem;
    }

    public ProblemException(int status, String title, String detail) {
        this(new Problem(status, title, detail));
    }

    public Problem problem() {
        return problem;
    }
}
