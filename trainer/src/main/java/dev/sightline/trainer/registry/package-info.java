/** Where model bundles are kept. */
@NullMarked
package dev.sightline.trainer.registry;

import org.jspecify.annotations.NullMarked;
