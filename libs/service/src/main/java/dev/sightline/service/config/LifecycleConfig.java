package dev.sightline.service.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.PositiveOrZero;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** How one model version replaces another. */
public record LifecycleConfig(
        @JsonPropertyDescription(
                "How long the version before is kept up to date after a cutover, so that searches can go back to it at"
                        + " once. Costs its storage and a second forward pass for every image.")
        @DurationMin(millis = 0, message = "not negative")
        Duration rollbackWindow,

        @JsonPropertyDescription("The share of images that may fail under a new version without holding its cutover.")
        @DecimalMin(value = "0", message = "0 to 1")
        @DecimalMax(value = "1", message = "0 to 1")
        double failureTolerance,

        @JsonPropertyDescription("The cutover guard judges only if it can replay at least so many recent queries.")
        @PositiveOrZero(message = "not negative")
        int guardMinQueries,

        @JsonPropertyDescription(
                "The mean share of the ten nearest images that both versions must agree on, on recent queries.")
        @DecimalMin(value = "0", message = "0 to 1")
        @DecimalMax(value = "1", message = "0 to 1")
        double guardMinOverlapAt10,

        @JsonPropertyDescription("The share of recent queries that may name an attribute the new version lacks.")
        @DecimalMin(value = "0", message = "0 to 1")
        @DecimalMax(value = "1", message = "0 to 1")
        double guardMaxUnanswerable,

        @JsonPropertyDescription(
                "How much lower the median score of the ten nearest images may be under the new version.")
        @DecimalMin(value = "0", message = "0 to 2")
        @DecimalMax(value = "2", message = "0 to 2")
        double guardMaxMedianScoreDrop) {
    public static final LifecycleConfig DEFAULTS = new LifecycleConfig(Duration.ofDays(1), 0.001, 20, 0.02, 0.2, 0.4);
}
