package dev.sightline.search;

import dev.sightline.events.KafkaSettings;
import dev.sightline.events.Topics;
import dev.sightline.images.ImageStore;
import dev.sightline.index.VectorIndex;
import dev.sightline.service.process.ServiceHost;
import java.time.Duration;

/** One search service: the active model, and the API and page that ask it. */
public final class SearchService implements AutoCloseable {
    private static final Duration SAMPLE_EVERY = Duration.ofSeconds(5);

    private final ActiveModel activeModel;
    private final QuerySampler sampler;
    private final SearchRoutes routes;

    public SearchService(
            KafkaSettings kafka, Topics topics, VectorIndex index, ImageStore store, String collectionPrefix) {
        this.activeModel = new ActiveModel(kafka, topics, collectionPrefix);
        this.sampler = new QuerySampler(kafka, topics, SAMPLE_EVERY);
        this.routes = new SearchRoutes(activeModel, index, store, sampler::note);
    }

    /** Starts, answers on {@code host}, and tells its health: it is ready once a version is active. */
    public void start(ServiceHost host) {
        activeModel.start();
        sampler.start();
        routes.mount(host.http());
        host.health().requireLiving("active-model", activeModel::isAlive);
        host.health().requireReady("model", () -> activeModel.version().isPresent());
    }

    public ActiveModel activeModel() {
        return activeModel;
    }

    @Override
    public void close() {
        sampler.close();
        activeModel.close();
    }
}
