package dev.sightline.embed;

import dev.sightline.domain.ModelVersion;
import dev.sightline.events.ModelStateChanged;
import dev.sightline.index.VectorIndex;
import dev.sightline.towers.Preprocessor;
import dev.sightline.towers.TwoTowerModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions that take writes, as {@code model-events} tells. The list is immutable and swapped whole; a batch in flight
 * finishes on the one it started with, so a retired model is kept until the worker closes.
 */
public final class LiveModels implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveModels.class);

    private final VectorIndex index;
    private final String collectionPrefix;
    private final Map<ModelVersion, LiveModel> loaded = new HashMap<>();
    private volatile List<LiveModel> current = List.of();

    public LiveModels(VectorIndex index, String collectionPrefix) {
        this.index = index;
        this.collectionPrefix = collectionPrefix;
    }

    /** Applies one event; for a version that now takes writes, loads its bundle and makes its collection. */
    public synchronized void apply(ModelStateChanged event) {
        List<LiveModel> next = new ArrayList<>(current);
        next.removeIf(model -> model.version().equals(event.version()));
        if (event.state().takesWrites()) {
            next.add(loaded.computeIfAbsent(event.version(), version -> load(event)));
        }
        current = List.copyOf(next);
        LOG.info("{} is {}; images are written to {}", event.version(), event.state(), versions());
    }

    private LiveModel load(ModelStateChanged event) {
        var model = TwoTowerModel.load(Path.of(event.bundle()), TwoTowerModel.bestDevice())
                .model();
        String collection = event.version().collection(collectionPrefix);
        index.createCollection(collection, event.dimension());
        return new LiveModel(
                event.version(), collection, model, new Preprocessor(model.preprocessing()), model.imageEmbedder());
    }

    List<LiveModel> current() {
        return current;
    }

    /** The versions images are written to. */
    public List<ModelVersion> versions() {
        return current.stream().map(LiveModel::version).toList();
    }

    @Override
    public synchronized void close() {
        current = List.of();
        loaded.values().forEach(live -> live.model().close());
        loaded.clear();
    }
}
