/** Photos in over HTTP: validated by content, stored, told on Kafka; deletions, labels, and what became of an image. */
@NullMarked
package dev.sightline.ingest;

import org.jspecify.annotations.NullMarked;
