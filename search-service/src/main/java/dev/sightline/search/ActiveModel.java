package dev.sightline.search;

import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.ModelState;
import dev.sightline.domain.ModelVersion;
import dev.sightline.events.CompactedTopic;
import dev.sightline.events.EventCodecs;
import dev.sightline.events.KafkaSettings;
import dev.sightline.events.ModelStateChanged;
import dev.sightline.events.Topics;
import dev.sightline.towers.QueryEmbedder;
import dev.sightline.towers.TwoTowerModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The version searches run on, as {@code model-events} tells. Query tower, schema and collection are one immutable pair,
 * swapped by one write; a request in flight finishes on the pair it took, so models that were active are kept until close.
 */
public final class ActiveModel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ActiveModel.class);

    /** One version's query tower and collection. */
    record Pair(ModelVersion version, AttributeSchema schema, QueryEmbedder queryTower, String collection) {}

    private final String collectionPrefix;
    private final CompactedTopic<ModelStateChanged> modelEvents;
    private final List<TwoTowerModel> loaded = new ArrayList<>();
    private volatile Optional<Pair> current = Optional.empty();

    public ActiveModel(KafkaSettings kafka, Topics topics, String collectionPrefix) {
        this.collectionPrefix = collectionPrefix;
        this.modelEvents = new CompactedTopic<>(kafka, topics.modelEvents(), EventCodecs.MODEL_EVENTS, this::apply);
    }

    public void start() {
        modelEvents.start();
    }

    private void apply(ModelStateChanged event) {
        if (event.state() == ModelState.ACTIVE
                && current.filter(pair -> pair.version().equals(event.version()))
                        .isEmpty()) {
            TwoTowerModel model = TwoTowerModel.load(Path.of(event.bundle()), TwoTowerModel.bestDevice())
                    .model();
            loaded.add(model);
            current = Optional.of(new Pair(
                    event.version(),
                    model.schema(),
                    model.queryEmbedder(),
                    event.version().collection(collectionPrefix)));
            LOG.info("searches run on {}", event.version());
        }
    }

    boolean isAlive() {
        return modelEvents.isAlive();
    }

    /** Empty until a version is active. */
    Optional<Pair> current() {
        return current;
    }

    /** The version searches run on; empty until one is active. */
    public Optional<ModelVersion> version() {
        return current.map(Pair::version);
    }

    @Override
    public void close() {
        modelEvents.close();
        current = Optional.empty();
        loaded.forEach(TwoTowerModel::close);
    }
}
