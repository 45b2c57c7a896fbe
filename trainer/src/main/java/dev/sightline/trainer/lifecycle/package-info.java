/** A model version's way through its states, told on {@code model-events}. */
@NullMarked
package dev.sightline.trainer.lifecycle;

import org.jspecify.annotations.NullMarked;
