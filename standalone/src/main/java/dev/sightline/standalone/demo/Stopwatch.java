package dev.sightline.standalone.demo;

import java.util.LinkedHashMap;
import java.util.Map;

/** Seconds each phase took, in order. */
public final class Stopwatch {
    private final Map<String, Double> seconds = new LinkedHashMap<>();
    private long since = System.nanoTime();

    /** Ends a phase; the next begins. */
    public void lap(String phase) {
        long now = System.nanoTime();
        seconds.put(phase, Math.round((now - since) / 1e7) / 100.0);
        since = now;
    }

    public Map<String, Double> seconds() {
        return new LinkedHashMap<>(seconds);
    }
}
