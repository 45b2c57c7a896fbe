/** A model's card: what it was trained on, how that went, how good it is and where it fails; for people to keep. */
@NullMarked
package dev.sightline.trainer.card;

import org.jspecify.annotations.NullMarked;
