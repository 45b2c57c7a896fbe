package dev.sightline.search;

import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.ModelVersion;
import dev.sightline.events.ModelStateChanged;
import dev.sightline.towers.QueryEmbedder;
import dev.sightline.towers.TwoTowerModel;
import java.nio.file.Path;

/**
 * One version's query tower and its collection: what a request pins, so that its answer is wholly of one version. The
 * tower is closed when the pair is out of service and the last request that pinned it is done. Thread-safe.
 */
final class Pair {
    private final ModelVersion version;
    private final TwoTowerModel model;
    private final QueryEmbedder queryTower;
    private final String collection;
    private int users;
    private boolean outOfService;

    private Pair(ModelVersion version, TwoTowerModel model, String collection) {
        this.version = version;
        this.model = model;
        this.queryTower = model.queryEmbedder();
        this.collection = collection;
    }

    /** @throws dev.sightline.towers.UnusableBundleException if the version's bundle cannot be loaded */
    static Pair load(ModelStateChanged event, String collectionPrefix) {
        TwoTowerModel model = TwoTowerModel.load(Path.of(event.bundle()), TwoTowerModel.bestDevice())
                .model();
        return new Pair(event.version(), model, event.version().collection(collectionPrefix));
    }

    /** A pair in use; {@link #close} it when the request is done. */
    final class Pinned implements AutoCloseable {
        ModelVersion version() {
            return version;
        }

        AttributeSchema schema() {
            return model.schema();
        }

        QueryEmbedder queryTower() {
            return queryTower;
        }

        String collection() {
            return collection;
        }

        @Override
        public void close() {
            release();
        }
    }

    ModelVersion version() {
        return version;
    }

    /** @throws IllegalStateException if it is out of service, so that its tower may be closed */
    synchronized Pinned pin() {
        if (outOfService) {
            throw new IllegalStateException(version + " is out of service");
        }
        users++;
        return new Pinned();
    }

    private synchronized void release() {
        users--;
        closeIfUnused();
    }

    /** No request will pin it any more. */
    synchronized void takeOutOfService() {
        if (!outOfService) {
            outOfService = true;
            closeIfUnused();
        }
    }

    private void closeIfUnused() {
        if (outOfService && users == 0) {
            model.close();
        }
    }
}
