/**
 * The topics and what is said on them: events, their CloudEvents encoding, a producer, a consumer loop with
 * back-pressure, retry and dead letters, and a follower for compacted topics. What a service does with an event is not
 * here.
 */
@NullMarked
package dev.sightline.events;

import org.jspecify.annotations.NullMarked;
