package dev.sightline.trainer.lifecycle;

import dev.sightline.domain.ImageId;
import dev.sightline.domain.ModelVersion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far a backfill is.
 *
 * @param done images in the new collection
 * @param total images in the active one
 * @param perSecond images added a second lately
 * @param eta until done = total at that rate; empty while there is no rate
 * @param outstanding jobs sent and not done
 * @param pass which comparison of all ids this is, from 1; 0 before the first
 * @param waitingFor workers that do not write to the new collection yet
 * @param missing some ids that are still missing though asked for, and why
 * @param failed how many images the version cannot hold
 * @param tolerated how many of those do not hold the cutover
 * @param failures some of those, and why
 */
public record BackfillProgress(
        ModelVersion version,
        Phase phase,
        long done,
        long total,
        double perSecond,
        Optional<Duration> eta,
        long outstanding,
        int pass,
        List<String> waitingFor,
        Map<ImageId, String> missing,
        long failed,
        long tolerated,
        Map<ImageId, String> failures) {

    /** What a backfill is at. */
    public enum Phase {
        /** Waiting until every worker writes live images to the new collection too. */
        SETTLING,
        /** Comparing ids, sending jobs for those that are missing. */
        FILLING,
        /** Waiting for jobs to be done, then looking again at what was missing. */
        DRAINING,
        /** More images failed than are tolerated. */
        STUCK,
        /** Trying recent queries on both versions. */
        GUARDING,
        /** The guard said no. */
        HELD
    }

    /** Whether it does not go on without an operator. */
    public boolean isHeld() {
        return phase == Phase.STUCK || phase == Phase.HELD;
    }

    /** Why it does not go on. @param said the reason the version's last event gives */
    public String why(String said) {
        return phase == Phase.STUCK
                ? failed + " images failed, " + tolerated + " are tolerated (" + failures
                        + "); promote it with force, or reject it"
                : said;
    }

    /** The same, at another phase. */
    BackfillProgress at(Phase next) {
        return new BackfillProgress(
                version,
                next,
                done,
                total,
                perSecond,
                eta,
                outstanding,
                pass,
                waitingFor,
                missing,
                failed,
                tolerated,
                failures);
    }
}
