package dev.sightline.trainer.lifecycle;

import dev.sightline.events.ModelStateChanged;

/** Looks at a filled version before searches move to it. */
@FunctionalInterface
interface CutoverGuard {

    /** What it found. @param why for people: the figures, and the way out of a no */
    record Verdict(boolean passed, String why) {}

    /** Blocks. */
    Verdict judge(ModelStateChanged active, ModelStateChanged next);
}
