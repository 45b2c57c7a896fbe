package dev.sightline.events;

import dev.sightline.domain.ModelState;
import dev.sightline.domain.ModelVersion;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/**
 * A model version entered a state; the last one of each version is the truth (the topic is compacted).
 *
 * @param bundle where the version's bundle is; every service must be able to read it
 * @param dimension of its embeddings
 * @param reason for people, for example the gate's numbers
 * @param changedAt when the version entered the state; kept while only the reason changes
 * @param generation which coordinator said so: each is one higher than the one before it
 * @param rollbackUntil of a retired version that searches may still go back to: until then it takes writes
 * @param unguarded whether an operator waived the cutover guard for this version
 */
public record ModelStateChanged(
        ModelVersion version,
        ModelState state,
        URI bundle,
        int dimension,
        String reason,
        Instant changedAt,
        long generation,
        Optional<Instant> rollbackUntil,
        boolean unguarded) {

    public ModelStateChanged(
            ModelVersion version, ModelState state, URI bundle, int dimension, String reason, Instant changedAt) {
        this(version, state, bundle, dimension, reason, changedAt, 0, Optional.empty(), false);
    }

    /** The same version in another state since {@code now}; no longer a rollback target. */
    public ModelStateChanged to(ModelState next, String why, Instant now) {
        return new ModelStateChanged(
                version,
                next,
                bundle,
                dimension,
                why,
                next == state ? changedAt : now,
                generation,
                Optional.empty(),
                unguarded);
    }

    /** Retired, but kept up to date and ready to be searched again until {@code until}. */
    public ModelStateChanged standby(Instant until, String why, Instant now) {
        return new ModelStateChanged(
                version, ModelState.RETIRED, bundle, dimension, why, now, generation, Optional.of(until), unguarded);
    }

    /** Retired for good: nothing is written to it any more, and its collection will go. */
    public ModelStateChanged closed(String why, Instant now) {
        return new ModelStateChanged(
                version, ModelState.RETIRED, bundle, dimension, why, now, generation, Optional.empty(), false);
    }

    /** As {@code of} says it. */
    public ModelStateChanged by(long of) {
        return new ModelStateChanged(
                version, state, bundle, dimension, reason, changedAt, of, rollbackUntil, unguarded);
    }

    /** With the cutover guard waived, or not. */
    public ModelStateChanged unguarded(boolean waived) {
        return new ModelStateChanged(
                version, state, bundle, dimension, reason, changedAt, generation, rollbackUntil, waived);
    }

    /** Whether embed workers write live images to this version's collection. */
    public boolean takesWrites() {
        return state == ModelState.BACKFILLING || state == ModelState.ACTIVE || rollbackUntil.isPresent();
    }
}
