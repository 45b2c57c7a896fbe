package dev.sightline.standalone;

import dev.sightline.embed.EmbedSettings;
import dev.sightline.embed.EmbedWorker;
import dev.sightline.events.KafkaSettings;
import dev.sightline.events.Topics;
import dev.sightline.events.broker.EmbeddedBroker;
import dev.sightline.images.ImageStore;
import dev.sightline.index.VectorIndex;
import dev.sightline.ingest.Ingest;
import dev.sightline.ingest.IngestService;
import dev.sightline.search.ActiveModel;
import dev.sightline.search.SearchService;
import dev.sightline.service.config.StandaloneConfig;
import dev.sightline.service.process.ServiceHost;
import dev.sightline.trainer.TrainerService;
import dev.sightline.trainer.lifecycle.LifecycleSettings;
import dev.sightline.trainer.lifecycle.ModelCoordinator;
import dev.sightline.trainer.registry.ModelRegistry;
import dev.sightline.trainer.retraining.RetrainingSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Broker, stores and all services in this process, on one directory. Everything in it survives a restart and a crash; one
 * process at a time may have it open.
 */
public final class Platform implements AutoCloseable {
    private static final Topics TOPICS = new Topics("", 4, (short) -1, Duration.ofDays(7), 8 << 20);

    private final StandaloneConfig config;
    private final ServiceHost host;
    private final VectorIndex index;
    private final TrainerService trainer;
    private final SearchService search;
    private final IngestService ingest;

    private Platform(Path home, StandaloneConfig config) throws InterruptedException {
        this.config = config;
        this.host = new ServiceHost(config.http().port());
        try {
            host.start();
            index = host.awaitIndex(config.index());
            var broker = host.open(EmbeddedBroker.start(home.resolve("kafka")));
            KafkaSettings kafka = broker.settings(Map.of());
            host.awaitTopics(kafka, TOPICS);
            ImageStore store = config.images().store();
            String prefix = config.index().collectionPrefix();
            trainer = new TrainerService(
                    LifecycleSettings.of(config.lifecycle(), prefix),
                    RetrainingSettings.of(config.retraining(), home),
                    kafka,
                    TOPICS,
                    index,
                    store,
                    registry(),
                    host);
            trainer.start(host);
            var worker = host.open(new EmbedWorker(
                    EmbedSettings.of(config.embed(), config.images(), config.index()),
                    kafka,
                    TOPICS,
                    store,
                    index,
                    host.meters()));
            worker.start(host.health());
            ingest = host.open(new IngestService(
                    kafka,
                    TOPICS,
                    store,
                    config.images().limits(),
                    config.uploads().directory()));
            ingest.start(host);
            search = host.open(new SearchService(kafka, TOPICS, index, store, prefix));
            search.start(host);
            host.started();
        } catch (InterruptedException | RuntimeException e) {
            host.close();
            throw e;
        }
    }

    /**
     * Starts everything, with the index in this process too.
     *
     * @param port of the API and the page; 0 for any free one
     * @throws IllegalStateException if the port is taken or another process has {@code home} open
     */
    public static Platform start(Path home, int port) throws InterruptedException {
        return start(home, StandaloneConfig.in(home, port));
    }

    /**
     * Starts everything as configured; the broker's log is under {@code home}.
     *
     * @throws IllegalStateException if the port is taken or another process has {@code home} open
     */
    public static Platform start(Path home, StandaloneConfig config) throws InterruptedException {
        return new Platform(home, config);
    }

    public VectorIndex index() {
        return index;
    }

    public Ingest ingest() {
        return ingest.ingest();
    }

    public ModelCoordinator lifecycle() {
        return trainer.coordinator();
    }

    public TrainerService trainer() {
        return trainer;
    }

    public ActiveModel activeModel() {
        return search.activeModel();
    }

    public ModelRegistry registry() {
        return new ModelRegistry(config.models().directory());
    }

    /** Where the page is. */
    public String url() {
        return "http://localhost:" + host.http().port();
    }

    /** The active version's collection. */
    public Optional<String> activeCollection() {
        return lifecycle().active().map(active -> lifecycle().collection(active.version()));
    }

    /** Closes everything, last opened first: no more requests, drain, then the stores. */
    @Override
    public void close() {
        host.close();
    }
}
