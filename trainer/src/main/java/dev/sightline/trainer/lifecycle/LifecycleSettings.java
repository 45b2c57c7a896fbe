package dev.sightline.trainer.lifecycle;

import dev.sightline.service.config.LifecycleConfig;
import java.time.Duration;

/**
 * How versions replace each other.
 *
 * @param collectionPrefix before the model version in a collection's name
 * @param rollbackWindow how long the version before is kept up to date after a cutover
 * @param dropGrace how long the collection of a version that is over stays, for searches that do not know yet
 * @param pageSize ids compared at once
 * @param maxOutstandingJobs backfill jobs sent and not done; more wait
 * @param failureTolerance the share of images, 0..1, that may fail under the new version without holding the cutover
 * @param guard what the cutover guard accepts
 */
public record LifecycleSettings(
        String collectionPrefix,
        Duration rollbackWindow,
        Duration dropGrace,
        int pageSize,
        int maxOutstandingJobs,
        double failureTolerance,
        GuardLimits guard) {
    /** A day to roll back, half a minute of grace, pages of 1,000, 10,000 jobs, one image in a thousand. */
    public static final LifecycleSettings DEFAULT = new LifecycleSettings(
            "sightline", Duration.ofDays(1), Duration.ofSeconds(30), 1_000, 10_000, 0.001, GuardLimits.DEFAULT);

    public LifecycleSettings {
        if (rollbackWindow.isNegative() || dropGrace.isNegative()) {
            throw new IllegalArgumentException("rollbackWindow and dropGrace must not be negative, but were "
                    + rollbackWindow + " and " + dropGrace);
        }
        if (pageSize < 1 || maxOutstandingJobs < 1) {
            throw new IllegalArgumentException("pageSize and maxOutstandingJobs must be positive, but were " + pageSize
                    + " and " + maxOutstandingJobs);
        }
        if (!(failureTolerance >= 0 && failureTolerance <= 1)) {
            throw new IllegalArgumentException("failureTolerance must be 0 to 1, but was " + failureTolerance);
        }
    }

    /** What the configuration says; the rest as in {@link #DEFAULT}. */
    public static LifecycleSettings of(LifecycleConfig config, String collectionPrefix) {
        return new LifecycleSettings(
                collectionPrefix,
                config.rollbackWindow(),
                DEFAULT.dropGrace,
                DEFAULT.pageSize,
                DEFAULT.maxOutstandingJobs,
                config.failureTolerance(),
                new GuardLimits(
                        config.guardMinQueries(),
                        config.guardMinOverlapAt10(),
                        config.guardMaxUnanswerable(),
                        config.guardMaxMedianScoreDrop()));
    }
}
