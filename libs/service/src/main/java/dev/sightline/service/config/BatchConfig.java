package dev.sightline.service.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** How an embed worker gathers batches. */
public record BatchConfig(
        @JsonPropertyDescription("Images a forward pass takes at most.") @Positive(message = "at least 1")
        int maxBatchSize,

        @JsonPropertyDescription("How long the first image of a batch waits for others.")
        @DurationMin(millis = 0, message = "not negative")
        Duration maxBatchLinger,

        @JsonPropertyDescription("Images in a worker at once, each holding its decoded pixels; bounds its memory.")
        @Positive(message = "at least 1")
        int maxInFlight) {
    public static final BatchConfig DEFAULTS = new BatchConfig(32, Duration.ofMillis(20), 128);

    @AssertTrue(message = "embed.maxInFlight must be at least embed.maxBatchSize, or no batch ever fills")
    public boolean isRoomForABatch() {
        return maxInFlight >= maxBatchSize;
    }
}
