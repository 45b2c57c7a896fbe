/** Training again by itself: when it is time, on what, and what becomes of the new version. How to train is not here. */
@NullMarked
package dev.sightline.trainer.retraining;

import org.jspecify.annotations.NullMarked;
