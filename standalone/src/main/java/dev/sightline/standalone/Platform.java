package dev.sightline.standalone;

import dev.sightline.embed.EmbedSettings;
import dev.sightline.embed.EmbedWorker;
import dev.sightline.events.KafkaSettings;
import dev.sightline.events.Topics;
import dev.sightline.events.broker.EmbeddedBroker;
import dev.sightline.images.FilesystemImageStore;
import dev.sightline.images.ImageLimits;
import dev.sightline.images.ImageStore;
import dev.sightline.index.VectorIndex;
import dev.sightline.index.lucene.LuceneVectorIndex;
import dev.sightline.ingest.ImageStatuses;
import dev.sightline.ingest.Ingest;
import dev.sightline.ingest.IngestRoutes;
import dev.sightline.search.ActiveModel;
import dev.sightline.search.SearchRoutes;
import dev.sightline.service.HttpService;
import dev.sightline.service.OperationsRoutes;
import dev.sightline.trainer.lifecycle.ModelLifecycle;
import dev.sightline.trainer.registry.ModelRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Broker, stores and all services in this process, on one directory. Everything in it survives a restart and a crash; one
 * process at a time may have it open.
 */
public final class Platform implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Platform.class);
    private static final Topics TOPICS = new Topics("", 4, (short) -1, Duration.ofDays(7), 8 << 20);

    private final Path home;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final VectorIndex index;
    private final ActiveModel activeModel;
    private final Ingest ingest;
    private final ModelLifecycle lifecycle;
    private final HttpService http;

    private Platform(Path home, int port) throws InterruptedException {
        this.home = home;
        var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try {
            index = opened(LuceneVectorIndex.open(home.resolve("index")));
            ImageStore store = new FilesystemImageStore(home.resolve("images"));
            var broker = opened(EmbeddedBroker.start(home.resolve("kafka")));
            KafkaSettings kafka = broker.settings(Map.of());
            try (Admin admin = Admin.create(kafka.with(Map.of()))) {
                TOPICS.ensure(admin);
            }
            lifecycle = opened(new ModelLifecycle(kafka, TOPICS, index, EmbedSettings.DEFAULT.collectionPrefix()));
            lifecycle.start();
            activeModel = opened(new ActiveModel(kafka, TOPICS, EmbedSettings.DEFAULT.collectionPrefix()));
            activeModel.start();
            var worker = opened(new EmbedWorker(EmbedSettings.DEFAULT, kafka, TOPICS, store, index, meters));
            worker.start();
            var statuses = opened(new ImageStatuses(kafka, TOPICS));
            statuses.start();
            ingest = opened(new Ingest(kafka, TOPICS, store, ImageLimits.DEFAULT));
            http = opened(new HttpService(port));
            new OperationsRoutes(
                            meters,
                            Map.of(
                                    "embed",
                                    worker::isAlive,
                                    "model",
                                    () -> activeModel.version().isPresent()))
                    .mount(http.router());
            new IngestRoutes(ingest, statuses, store, ImageLimits.DEFAULT).mount(http, home.resolve("uploads"));
            new SearchRoutes(activeModel, index, store).mount(http);
            http.start();
        } catch (InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Starts everything.
     *
     * @param port of the API and the page; 0 for any free one
     * @throws IllegalStateException if the port is taken or another process has {@code home} open
     */
    public static Platform start(Path home, int port) throws InterruptedException {
        return new Platform(home, port);
    }

    private <T extends AutoCloseable> T opened(T part) {
        open.push(part);
        return part;
    }

    public VectorIndex index() {
        return index;
    }

    public Ingest ingest() {
        return ingest;
    }

    public ModelLifecycle lifecycle() {
        return lifecycle;
    }

    public ActiveModel activeModel() {
        return activeModel;
    }

    public ModelRegistry registry() {
        return new ModelRegistry(home.resolve("models"));
    }

    /** Where the page is. */
    public String url() {
        return "http://localhost:" + http.port();
    }

    /** The active version's collection. */
    public Optional<String> activeCollection() {
        return lifecycle.active().map(active -> active.version().collection(EmbedSettings.DEFAULT.collectionPrefix()));
    }

    /** Closes everything, last opened first: no more requests, drain, then the stores. */
    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                org.slf4j.LoggerFactory.getLogger(Platform.class)
                        .warn("a part of the platform did not close cleanly", e);
            }
        }
    }
}
