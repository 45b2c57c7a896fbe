package dev.sightline.trainer.lifecycle;

import dev.sightline.events.BackfillRequested;
import java.util.List;

/** Jobs for embed workers. */
interface BackfillQueue {

    /** Sends jobs; they are durable when it returns. */
    void request(List<BackfillRequested> jobs);

    /** Jobs sent, by whomever, and not done yet. */
    long outstanding();
}
