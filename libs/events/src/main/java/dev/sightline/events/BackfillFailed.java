package dev.sightline.events;

import dev.sightline.domain.ImageId;
import dev.sightline.domain.ModelVersion;
import java.time.Instant;

/**
 * A version that is not yet active cannot hold an image; the active one still does.
 *
 * @param backfillSince when the version's backfill began, so that an earlier backfill's failures are told apart
 * @param reason a constant, for counters
 * @param detail for people
 */
public record BackfillFailed(
        ImageId id, ModelVersion version, Instant backfillSince, String reason, String detail, Instant failedAt) {}
