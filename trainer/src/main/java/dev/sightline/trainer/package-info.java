/** The trainer's process. What it does is in the packages below: dataset, training, evaluation, registry, lifecycle. */
@NullMarked
package dev.sightline.trainer;

import org.jspecify.annotations.NullMarked;
