package dev.sightline.events;

import java.time.Instant;

/**
 * An event as it came.
 *
 * @param ordering its offset: among the events of one key, higher is newer
 * @param timestamp when the broker or producer stamped it
 */
public record Received<E>(E event, long ordering, int partition, Instant timestamp) {}
