package dev.sightline.embed;

import dev.sightline.domain.ModelVersion;
import dev.sightline.events.ModelStateChanged;
import dev.sightline.events.ModelVersions;
import dev.sightline.index.VectorIndex;
import dev.sightline.towers.Preprocessor;
import dev.sightline.towers.TwoTowerModel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions that take writes, as {@code model-events} tells. An event being handled pins the versions it started with;
 * a model that no longer takes writes is closed when nothing pins it. Thread-safe.
 */
final class LiveModels implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveModels.class);

    private final VectorIndex index;
    private final String collectionPrefix;
    private final Runnable changed;
    private final Map<ModelVersion, String> problems = new HashMap<>();
    private final Set<Pinned> replaced = new HashSet<>();
    private volatile ModelVersions versions = ModelVersions.NONE;
    private final Object loading = new Object();
    private Pinned current = new Pinned(List.of());

    /** @param changed runs when {@link #writes} or {@link #problems} may have changed */
    LiveModels(VectorIndex index, String collectionPrefix, Runnable changed) {
        this.index = index;
        this.collectionPrefix = collectionPrefix;
        this.changed = changed;
    }

    /** The versions of one moment, first the one that serves; {@link #close} it when every write to them is done. */
    final class Pinned implements AutoCloseable {
        private final List<LiveModel> models;
        private int users;

        private Pinned(List<LiveModel> models) {
            this.models = models;
        }

        List<LiveModel> models() {
            return models;
        }

        @Override
        public void close() {
            release(this);
        }
    }

    synchronized Pinned pin() {
        current.users++;
        return current;
    }

    private void release(Pinned pinned) {
        boolean drained;
        synchronized (this) {
            pinned.users--;
            drained = pinned.users == 0 && replaced.remove(pinned);
            if (drained) {
                closeUnused(pinned.models);
            }
        }
        if (drained) {
            changed.run();
        }
    }

    /** Goes over to these versions: loads the bundles and makes the collections of those that now take writes. */
    void apply(ModelVersions next) {
        synchronized (loading) {
            versions = next;
            load(next);
        }
        changed.run();
    }

    private void load(ModelVersions next) {
        List<LiveModel> live = new ArrayList<>();
        Map<ModelVersion, String> failed = new HashMap<>();
        for (ModelStateChanged event : next.takingWrites()) {
            try {
                boolean serving = next.active().filter(event::equals).isPresent();
                live.add(live(event, serving));
            } catch (RuntimeException e) {
                LOG.error("cannot write images to {}; trying again", event.version(), e);
                failed.put(event.version(), String.valueOf(e.getMessage()));
            }
        }
        swap(List.copyOf(live), failed);
        LOG.info(
                "{}; images are written to {}",
                next,
                live.stream().map(LiveModel::version).toList());
    }

    /** Tries again what could not be loaded. */
    void retry() {
        synchronized (loading) {
            if (!problems().isEmpty()) {
                load(versions);
            }
        }
    }

    private LiveModel live(ModelStateChanged event, boolean serving) {
        String collection = event.version().collection(collectionPrefix);
        index.createCollection(collection, event.dimension());
        LiveModel loaded = loaded(event.version());
        if (loaded != null) {
            return loaded.as(event, serving);
        }
        var model = TwoTowerModel.load(Path.of(event.bundle()), TwoTowerModel.bestDevice())
                .model();
        return new LiveModel(
                event, serving, collection, model, new Preprocessor(model.preprocessing()), model.imageEmbedder());
    }

    private synchronized @org.jspecify.annotations.Nullable LiveModel loaded(ModelVersion version) {
        return current.models.stream()
                .filter(model -> model.version().equals(version))
                .findFirst()
                .orElse(null);
    }

    private synchronized void swap(List<LiveModel> live, Map<ModelVersion, String> failed) {
        Pinned before = current;
        current = new Pinned(live);
        problems.clear();
        problems.putAll(failed);
        if (before.users > 0) {
            replaced.add(before);
        } else {
            closeUnused(before.models);
        }
    }

    private void closeUnused(List<LiveModel> models) {
        for (LiveModel model : models) {
            boolean used = current.models.stream().anyMatch(other -> other.model() == model.model())
                    || replaced.stream()
                            .flatMap(pinned -> pinned.models.stream())
                            .anyMatch(other -> other.model() == model.model());
            if (!used) {
                model.model().close();
            }
        }
    }

    /** The versions that every image is written to, those still on their way included, and since when in their state. */
    synchronized Map<ModelVersion, Instant> writes() {
        Map<ModelVersion, Instant> everywhere = states(current);
        replaced.forEach(
                pinned -> everywhere.entrySet().retainAll(states(pinned).entrySet()));
        return everywhere;
    }

    private static Map<ModelVersion, Instant> states(Pinned pinned) {
        Map<ModelVersion, Instant> states = new HashMap<>();
        pinned.models.forEach(model -> states.put(model.version(), model.event().changedAt()));
        return states;
    }

    /** Why versions that take writes do not get them here. */
    synchronized Map<ModelVersion, String> problems() {
        return Map.copyOf(problems);
    }

    /** What {@code model-events} says. */
    ModelVersions versions() {
        return versions;
    }

    @Override
    public void close() {
        swap(List.of(), Map.of());
    }
}
