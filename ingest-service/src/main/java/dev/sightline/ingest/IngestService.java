package dev.sightline.ingest;

import dev.sightline.events.KafkaSettings;
import dev.sightline.events.Topics;
import dev.sightline.images.ImageLimits;
import dev.sightline.images.ImageStore;
import dev.sightline.service.process.ServiceHost;
import java.nio.file.Path;

/** One ingest service: what is done with uploads, the follower that knows what became of them, and their HTTP face. */
public final class IngestService implements AutoCloseable {
    private final Ingest ingest;
    private final ImageStatuses statuses;
    private final IngestRoutes routes;
    private final Path uploads;

    /** @param uploads where multipart files lie while their request lasts */
    public IngestService(KafkaSettings kafka, Topics topics, ImageStore store, ImageLimits limits, Path uploads) {
        this.ingest = new Ingest(kafka, topics, store, limits);
        this.statuses = new ImageStatuses(kafka, topics);
        this.routes = new IngestRoutes(ingest, statuses, store, limits);
        this.uploads = uploads;
    }

    /** Starts, answers on {@code host}, and tells its health. */
    public void start(ServiceHost host) {
        statuses.start();
        routes.mount(host.http(), uploads);
        host.health().requireLiving("image-statuses", statuses::isAlive);
    }

    /** What the routes do, for callers in this process. */
    public Ingest ingest() {
        return ingest;
    }

    /** Events already accepted are flushed. */
    @Override
    public void close() {
        statuses.close();
        ingest.close();
    }
}
