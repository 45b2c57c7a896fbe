package dev.sightline.events;

import dev.sightline.domain.ModelState;
import dev.sightline.domain.ModelVersion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code model-events} says at one moment: every version's last state, in the order the states were entered.
 * Immutable. An event of a generation lower than the highest seen comes from a coordinator that has been replaced and
 * changes nothing.
 */
public final class ModelVersions {
    public static final ModelVersions NONE = new ModelVersions(Map.of(), 0);

    private final Map<ModelVersion, ModelStateChanged> states;
    private final long generation;

    private ModelVersions(Map<ModelVersion, ModelStateChanged> states, long generation) {
        this.states = states;
        this.generation = generation;
    }

    /** These, after one more event. */
    public ModelVersions with(ModelStateChanged event) {
        if (event.generation() < generation) {
            return this;
        }
        Map<ModelVersion, ModelStateChanged> next = new LinkedHashMap<>(states);
        next.remove(event.version());
        next.put(event.version(), event);
        return new ModelVersions(Collections.unmodifiableMap(next), event.generation());
    }

    /** The highest generation seen; 0 before any. */
    public long generation() {
        return generation;
    }

    /** Every version, oldest name first. */
    public List<ModelStateChanged> all() {
        return states.values().stream()
                .sorted(Comparator.comparing(ModelStateChanged::version))
                .toList();
    }

    public Optional<ModelStateChanged> find(ModelVersion version) {
        return Optional.ofNullable(states.get(version));
    }

    /** The version searches run on: of several, the one that became active last. */
    public Optional<ModelStateChanged> active() {
        return last(ModelState.ACTIVE);
    }

    /** The version that is being filled. */
    public Optional<ModelStateChanged> backfilling() {
        return last(ModelState.BACKFILLING);
    }

    /** The version a rollback goes to: retired, but kept up to date. Whether its window is over, the caller decides. */
    public Optional<ModelStateChanged> standby() {
        return newestFirst().stream()
                .filter(event -> event.rollbackUntil().isPresent())
                .findFirst();
    }

    /**
     * The versions every live image is written to, in the order they are written: what is or was searched first, what is
     * being filled last. So whoever finds an image in a collection that is being filled finds it in the active one too,
     * unless it was deleted.
     */
    public List<ModelStateChanged> takingWrites() {
        Optional<ModelStateChanged> active = active();
        return newestFirst().stream()
                .filter(ModelStateChanged::takesWrites)
                .sorted(Comparator.comparing((ModelStateChanged event) -> event.state() == ModelState.BACKFILLING)
                        .thenComparing(event -> !Optional.of(event).equals(active)))
                .toList();
    }

    private Optional<ModelStateChanged> last(ModelState state) {
        return newestFirst().stream().filter(event -> event.state() == state).findFirst();
    }

    private List<ModelStateChanged> newestFirst() {
        List<ModelStateChanged> events = new ArrayList<>(states.values());
        Collections.reverse(events);
        return events;
    }

    @Override
    public String toString() {
        return "generation " + generation + ": "
                + all().stream()
                        .map(event -> event.version() + " " + event.state())
                        .toList();
    }
}
