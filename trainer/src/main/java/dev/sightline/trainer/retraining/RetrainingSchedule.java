package dev.sightline.trainer.retraining;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;

/**
 * When to train again: by the clock, by how much has been said since, or both. Keeps no state: what it needs to know is in
 * the newest version and in the labels.
 *
 * @param cron five fields, in UTC
 * @param afterLabels how many new statements are enough; 0 for never
 */
public record RetrainingSchedule(Optional<Cron> cron, int afterLabels) {

    /** @throws IllegalArgumentException if {@code cron} is not five fields of cron */
    public static RetrainingSchedule of(Optional<String> cron, int afterLabels) {
        var parser = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
        return new RetrainingSchedule(cron.map(parser::parse), afterLabels);
    }

    /** Whether it can ever be time. */
    public boolean isOn() {
        return cron.isPresent() || afterLabels > 0;
    }

    /**
     * Why it is time; empty if it is not.
     *
     * @param lastTrained when training last ended, whatever became of the version
     * @param newLabels statements made since the data of that training was gathered
     */
    public Optional<String> due(Instant now, Instant lastTrained, long newLabels) {
        if (afterLabels > 0 && newLabels >= afterLabels) {
            return Optional.of(newLabels + " new labels");
        }
        return cron.flatMap(fields -> ExecutionTime.forCron(fields).nextExecution(utc(lastTrained)))
                .filter(next -> !next.isAfter(utc(now)))
                .map(next -> "scheduled for " + next.toInstant());
    }

    private static ZonedDateTime utc(Instant instant) {
        return instant.atZone(ZoneOffset.UTC);
    }
}
