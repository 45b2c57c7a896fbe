package dev.sightline.trainer.lifecycle;

import dev.sightline.events.ModelStateChanged;
import dev.sightline.events.ModelVersions;
import java.util.List;

/** The one place where states of versions are kept, written by one coordinator at a time. */
interface ModelLog {

    /** What it says, this writer's own events included. */
    ModelVersions current();

    /**
     * Writes all of the events or none, under this writer's generation.
     *
     * @throws dev.sightline.events.FencedProducer.FencedException if another coordinator has taken over
     * @throws dev.sightline.events.RetryableException if it is unknown whether they were written; this writer is of no
     *     more use
     */
    void announce(List<ModelStateChanged> events);
}
