/** Labelled images to learn from: where they are, what is known of them, and their pixels ready for the image tower. */
@NullMarked
package dev.sightline.trainer.dataset;

import org.jspecify.annotations.NullMarked;
