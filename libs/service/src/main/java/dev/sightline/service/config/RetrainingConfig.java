package dev.sightline.service.config;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.parser.CronParser;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.PositiveOrZero;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMin;

/** When to train again, and on what besides labelled uploads. Off by default. */
public record RetrainingConfig(
        @JsonPropertyDescription(
                "When to train again, as five fields of cron in UTC: `0 3 * * *` is every night at three. Empty: by the"
                        + " clock never.")
        Optional<String> cron,

        @JsonPropertyDescription("How many new statements about images are enough to train again. 0: no number is.")
        @PositiveOrZero(message = "0 or more")
        int afterLabels,

        @JsonPropertyDescription("A dataset in CelebA's layout to learn from besides labelled uploads.")
        Optional<Path> dataset,

        @JsonPropertyDescription("How often to look whether it is time.")
        @DurationMin(millis = 100, message = "at least 100ms")
        Duration checkEvery) {
    public static final RetrainingConfig DEFAULTS =
            new RetrainingConfig(Optional.empty(), 0, Optional.empty(), Duration.ofMinutes(1));

    @AssertTrue(message = "retraining.cron must be five fields of cron, for example 0 3 * * *")
    public boolean isCronReadable() {
        try {
            cron.ifPresent(new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX))::parse);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
