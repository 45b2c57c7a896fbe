package dev.sightline.events;

import dev.sightline.domain.ImageId;
import dev.sightline.domain.ModelVersion;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What an embed worker does, said every few seconds and at every change.
 *
 * @param worker its client id in the consumer group of {@code image-events}
 * @param writes the versions that every image it handles is written to, those in flight included, each with the time its
 *     state was entered: a version may be filled, given up and filled again
 * @param problems why it does not write to a version it should write to
 * @param retrying some backfill jobs it cannot finish yet
 */
public record WorkerReported(
        String worker,
        Map<ModelVersion, Instant> writes,
        Map<ModelVersion, String> problems,
        List<Retrying> retrying,
        Instant reportedAt) {
    /** A backfill job that is tried again and again. @param reason for people */
    public record Retrying(ImageId id, String reason) {}

    public WorkerReported {
        writes = Map.copyOf(writes);
        problems = Map.copyOf(problems);
        retrying = List.copyOf(retrying);
    }
}
