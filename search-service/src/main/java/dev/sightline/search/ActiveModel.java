package dev.sightline.search;

import dev.sightline.domain.ModelVersion;
import dev.sightline.events.KafkaSettings;
import dev.sightline.events.ModelFollower;
import dev.sightline.events.ModelStateChanged;
import dev.sightline.events.ModelVersions;
import dev.sightline.events.Topics;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The version searches run on, as {@code model-events} tells. A request pins one pair of query tower and collection and
 * finishes on it. Every version that takes writes is kept loaded, so that a cutover or a rollback is one reference write;
 * one that does not is closed when the last request on it is done.
 */
public final class ActiveModel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ActiveModel.class);

    private final String collectionPrefix;
    private final ModelFollower modelEvents;
    private final Map<ModelVersion, Pair> loaded = new HashMap<>();
    private Optional<Pair> current = Optional.empty();

    public ActiveModel(KafkaSettings kafka, Topics topics, String collectionPrefix) {
        this.collectionPrefix = collectionPrefix;
        this.modelEvents = new ModelFollower(kafka, topics, this::apply);
    }

    public void start() {
        modelEvents.start();
    }

    /** Loads what is new, moves searches to the active version, and closes what is no longer needed, in this order. */
    void apply(ModelVersions versions) {
        Map<ModelVersion, ModelStateChanged> wanted = new HashMap<>();
        versions.takingWrites().forEach(event -> wanted.put(event.version(), event));
        wanted.values().forEach(this::load);
        versions.active().flatMap(event -> find(event.version())).ifPresent(this::searchOn);
        unloadAllBut(wanted);
    }

    private void load(ModelStateChanged event) {
        if (find(event.version()).isPresent()) {
            return;
        }
        try {
            Pair pair = Pair.load(event, collectionPrefix);
            synchronized (this) {
                loaded.put(event.version(), pair);
            }
        } catch (RuntimeException e) {
            LOG.error("cannot load {}; searches stay on what they run on", event.version(), e);
        }
    }

    private synchronized Optional<Pair> find(ModelVersion version) {
        return Optional.ofNullable(loaded.get(version));
    }

    private synchronized void searchOn(Pair pair) {
        if (!current.equals(Optional.of(pair))) {
            current = Optional.of(pair);
            LOG.info("searches run on {}", pair.version());
        }
    }

    private synchronized void unloadAllBut(Map<ModelVersion, ModelStateChanged> wanted) {
        loaded.values().removeIf(pair -> {
            boolean over = !wanted.containsKey(pair.version()) && !current.equals(Optional.of(pair));
            if (over) {
                pair.takeOutOfService();
            }
            return over;
        });
    }

    boolean isAlive() {
        return modelEvents.isAlive();
    }

    /** The pair a request runs on; empty until a version is active. Close it when the request is done. */
    synchronized Optional<Pair.Pinned> pin() {
        return current.map(Pair::pin);
    }

    /** The version searches run on; empty until one is active. */
    public synchronized Optional<ModelVersion> version() {
        return current.map(Pair::version);
    }

    @Override
    public void close() {
        modelEvents.close();
        synchronized (this) {
            current = Optional.empty();
            loaded.values().forEach(Pair::takeOutOfService);
            loaded.clear();
        }
    }
}
