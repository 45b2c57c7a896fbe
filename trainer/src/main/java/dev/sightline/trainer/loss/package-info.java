/** What the towers are trained to make small. */
@NullMarked
package dev.sightline.trainer.loss;

import org.jspecify.annotations.NullMarked;
