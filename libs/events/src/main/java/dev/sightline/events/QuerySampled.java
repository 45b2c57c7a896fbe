package dev.sightline.events;

import dev.sightline.domain.AttributeQuery;
import java.time.Instant;

/** Somebody asked this: attributes only, nothing of who asked. */
public record QuerySampled(AttributeQuery query, Instant askedAt) {}
