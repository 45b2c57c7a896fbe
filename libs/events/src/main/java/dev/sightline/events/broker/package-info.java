/** A real Kafka broker in this process. Needs {@code kafka_2.13} on the class path, which only its users bring. */
@NullMarked
package dev.sightline.events.broker;

import org.jspecify.annotations.NullMarked;
