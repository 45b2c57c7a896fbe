/** What people say of uploaded images, and training data made of it. How it is learned is not here. */
@NullMarked
package dev.sightline.trainer.labels;

import org.jspecify.annotations.NullMarked;
