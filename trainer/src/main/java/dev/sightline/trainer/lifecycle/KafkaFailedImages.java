package dev.sightline.trainer.lifecycle;

import dev.sightline.domain.ImageId;
import dev.sightline.domain.ModelVersion;
import dev.sightline.events.BackfillFailed;
import dev.sightline.events.CompactedTopic;
import dev.sightline.events.EventCodecs;
import dev.sightline.events.KafkaSettings;
import dev.sightline.events.ModelStateChanged;
import dev.sightline.events.Topics;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Failures as {@code backfill-failures} tells; only those of one backfill are kept, at most {@link #MOST}. Thread-safe. */
final class KafkaFailedImages implements FailedImages, AutoCloseable {
    /** A version, and when its backfill began. */
    private record Life(ModelVersion version, Instant since) {}

    private final ConcurrentMap<Life, ConcurrentMap<ImageId, BackfillFailed>> failures = new ConcurrentHashMap<>();
    private final CompactedTopic<BackfillFailed> backfillFailures;

    KafkaFailedImages(KafkaSettings kafka, Topics topics) {
        this.backfillFailures =
                new CompactedTopic<>(kafka, topics.backfillFailures(), EventCodecs.BACKFILL_FAILURES, this::remember);
    }

    void start() {
        backfillFailures.start();
    }

    private void remember(BackfillFailed failure) {
        var life = new Life(failure.version(), failure.backfillSince());
        if (failures.keySet().stream().noneMatch(life::equals)) {
            // Failures come in the order of the backfills: an earlier backfill's are of no more use.
            failures.clear();
        }
        ConcurrentMap<ImageId, BackfillFailed> ofLife =
                failures.computeIfAbsent(life, any -> new ConcurrentHashMap<>());
        if (ofLife.size() < MOST) {
            ofLife.put(failure.id(), failure);
        }
    }

    @Override
    public Map<ImageId, BackfillFailed> of(ModelStateChanged version) {
        return Collections.unmodifiableMap(
                failures.getOrDefault(new Life(version.version(), version.changedAt()), new ConcurrentHashMap<>()));
    }

    @Override
    public void close() {
        backfillFailures.close();
    }
}
