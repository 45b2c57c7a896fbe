package dev.sightline.service.health;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BooleanSupplier;

/**
 * What a service knows of itself. It <em>lives</em> while its loops come round: if not, only a restart helps. It is
 * <em>ready</em> when it has started, lives, is not stopping, and everything it needs is there. Checks must not block.
 * Thread-safe.
 */
public final class Health {
    /** How far the service is. */
    public enum Phase {
        STARTING,
        RUNNING,
        STOPPING
    }

    private final Map<String, BooleanSupplier> living = new ConcurrentSkipListMap<>();
    private final Map<String, BooleanSupplier> needed = new ConcurrentSkipListMap<>();
    private volatile Phase phase = Phase.STARTING;

    /** A loop that must come round for as long as the service runs. */
    public void requireLiving(String name, BooleanSupplier check) {
        living.put(name, check);
    }

    /** Something the service cannot work without, which may come and go. */
    public void requireReady(String name, BooleanSupplier check) {
        needed.put(name, check);
    }

    public Phase phase() {
        return phase;
    }

    public void enter(Phase next) {
        phase = next;
    }

    boolean isLive() {
        return living.values().stream().allMatch(BooleanSupplier::getAsBoolean);
    }

    boolean isStarted() {
        return phase != Phase.STARTING && isLive();
    }

    boolean isReady() {
        return phase == Phase.RUNNING && isLive() && needed.values().stream().allMatch(BooleanSupplier::getAsBoolean);
    }

    /** Every check by name, and whether it holds. */
    Map<String, Boolean> checks() {
        Map<String, Boolean> results = new ConcurrentSkipListMap<>();
        living.forEach((name, check) -> results.put(name, check.getAsBoolean()));
        needed.forEach((name, check) -> results.put(name, check.getAsBoolean()));
        return results;
    }
}
