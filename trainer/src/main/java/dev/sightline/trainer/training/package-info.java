/** How both towers learn together: sampling, optimising, checkpoints. */
@NullMarked
package dev.sightline.trainer.training;

import org.jspecify.annotations.NullMarked;
