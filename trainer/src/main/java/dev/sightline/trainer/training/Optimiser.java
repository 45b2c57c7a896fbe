package dev.sightline.trainer.training;

import ai.djl.ndarray.NDList;

/** Moves weights against their gradients. Its state can be saved, so that a resumed run goes on as if never interrupted. */
interface Optimiser extends AutoCloseable {
    /**
     * Moves every weight that takes gradients now and clears its gradient; the others stay. A gradient that overflowed
     * moves nothing.
     */
    void step(double learningRate);

    long steps();

    /** What it remembers of earlier gradients. */
    NDList moments();

    void restore(long steps, NDList moments);

    @Override
    void close();
}
