/** Whether a candidate may replace the active version: both judged on the same held-out images. */
@NullMarked
package dev.sightline.trainer.gate;

import org.jspecify.annotations.NullMarked;
