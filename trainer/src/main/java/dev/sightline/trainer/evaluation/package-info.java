/** How good a ranking is: the retrieval literature's measures, and the queries they are averaged over. */
@NullMarked
package dev.sightline.trainer.evaluation;

import org.jspecify.annotations.NullMarked;
