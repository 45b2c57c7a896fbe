package dev.sightline.towers;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;

/**
 * How many threads share one tensor operation on the processor. PyTorch keeps that number for each thread that calls it, so
 * each says for itself what it wants.
 *
 * <p>The threads of an operation wait for each other at its end: on cores that have other work, one of them is always late.
 * A worker that forwards single images on two cores and decodes meanwhile was nine times as slow with two threads as with one.
 */
public final class IntraOpThreads {
    private static final int CORES = Runtime.getRuntime().availableProcessors();

    private IntraOpThreads() {}

    /** For a calling thread that has the machine to itself, as training has. */
    public static void useAllCores() {
        use(CORES);
    }

    /** For a calling thread beside which others decode, write and answer. */
    public static void useHalfOfTheCores() {
        use(Math.max(1, CORES / 2));
    }

    private static void use(int threads) {
        Engine.getEngine("PyTorch");
        JniUtils.setNumThreads(threads);
    }
}
