package dev.sightline.standalone.bench;

import dev.sightline.domain.ContentHash;
import dev.sightline.domain.Embedding;
import dev.sightline.domain.ImageId;
import dev.sightline.domain.ImageMetadata;
import dev.sightline.events.KafkaSettings;
import dev.sightline.events.Topics;
import dev.sightline.events.broker.EmbeddedBroker;
import dev.sightline.index.IndexedImage;
import dev.sightline.index.VectorIndex;
import dev.sightline.index.lucene.LuceneVectorIndex;
import dev.sightline.towers.ModelManifest;
import dev.sightline.trainer.lifecycle.BackfillProgress;
import dev.sightline.trainer.lifecycle.LifecycleSettings;
import dev.sightline.trainer.lifecycle.ModelCoordinator;
import dev.sightline.trainer.registry.ModelRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import me.tongfei.progressbar.ProgressBar;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The coordinator's side of a backfill at scale: a real broker, a real index, and workers whose tower is a stub, so that
 * what is measured is enumeration, jobs, reconciliation and cutover.
 */
@Command(
        name = "backfill",
        description = "Re-embed many ids with a stub tower: what the coordinator, Kafka and the index take.",
        mixinStandardHelpOptions = true)
public final class BackfillBenchmark implements Callable<Integer> {
    private static final Topics TOPICS = new Topics("", 4, (short) -1, Duration.ofDays(1), 1 << 20);
    private static final int DIMENSION = 8;
    private static final int BATCH = 5_000;

    @Option(names = "--ids", description = "How many (default: ${DEFAULT-VALUE}).", defaultValue = "1000000")
    private int ids;

    @Option(names = "--home", description = "An empty folder (default: a temporary one).")
    private Optional<Path> home = Optional.empty();

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures here too.")
    private Optional<Path> json = Optional.empty();

    private final Map<String, Object> figures = new LinkedHashMap<>();

    @Override
    public Integer call() throws IOException, InterruptedException, ExecutionException {
        Path place = home.isPresent() ? home.get() : Files.createTempDirectory("sightline-backfill");
        try (var broker = EmbeddedBroker.start(place.resolve("kafka"));
                VectorIndex index = LuceneVectorIndex.open(place.resolve("index"))) {
            KafkaSettings kafka = broker.settings(Map.of());
            try (Admin admin = kafka.admin()) {
                TOPICS.ensure(admin);
                run(place, kafka, admin, index);
            }
        }
        figures.forEach((name, value) -> System.out.printf("%-34s %s%n", name, value));
        Figures.write(json, figures);
        return 0;
    }

    private void run(Path place, KafkaSettings kafka, Admin admin, VectorIndex index)
            throws InterruptedException, ExecutionException {
        var registry = new ModelRegistry(place.resolve("models"));
        try (var coordinator = new ModelCoordinator(
                LifecycleSettings.DEFAULT, kafka, TOPICS, index, registry, new SimpleMeterRegistry())) {
            coordinator.start();
            coordinator.awaitActing();
            ModelManifest first = Untrained.version(registry, "v1", 32, 8, DIMENSION);
            coordinator.promote(first.version(), "first", false);
            long start = System.nanoTime();
            fill(index, coordinator.collection(first.version()));
            figures.put("ids", ids);
            figures.put("seconds to fill the first", seconds(start));

            ModelManifest next = Untrained.version(registry, "v2", 32, 8, DIMENSION);
            try (var workers = new StubWorkers(kafka, TOPICS, index, coordinator.collection(next.version()))) {
                workers.start();
                start = System.nanoTime();
                coordinator.promote(next.version(), "benchmark", false);
                follow(coordinator, next);
            }
            double took = seconds(start);
            figures.put("seconds to re-embed and cut over", took);
            figures.put("ids a second", Math.round(ids / took));
            figures.put("in the new collection", index.count(coordinator.collection(next.version())));
            long bytes = topicBytes(admin);
            figures.put("bytes of Kafka log a job", bytes / Math.max(1, ids));
        }
    }

    private void follow(ModelCoordinator coordinator, ModelManifest next) throws InterruptedException {
        long mostHeap = 0;
        long mostOutstanding = 0;
        int passes = 0;
        try (var bar = new ProgressBar("Re-embedding", ids)) {
            while (coordinator
                    .active()
                    .filter(event -> event.version().equals(next.version()))
                    .isEmpty()) {
                Optional<BackfillProgress> progress = coordinator.progress();
                progress.ifPresent(now -> bar.stepTo(now.done()));
                mostHeap = Math.max(
                        mostHeap,
                        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
                mostOutstanding = Math.max(
                        mostOutstanding,
                        progress.map(BackfillProgress::outstanding).orElse(0L));
                passes = Math.max(passes, progress.map(BackfillProgress::pass).orElse(0));
                Thread.sleep(500);
            }
        }
        figures.put("passes", passes);
        figures.put("jobs outstanding at most", mostOutstanding);
        figures.put("MB of heap at most, garbage too", mostHeap >> 20);
    }

    private void fill(VectorIndex index, String collection) {
        var random = new Random(1);
        try (var bar = new ProgressBar("Filling", ids)) {
            for (int from = 0; from < ids; from += BATCH) {
                List<IndexedImage> batch = new ArrayList<>();
                for (int i = from; i < Math.min(ids, from + BATCH); i++) {
                    byte[] bytes = {(byte) i, (byte) (i >> 8), (byte) (i >> 16), (byte) (i >> 24)};
                    ContentHash hash = ContentHash.of(bytes);
                    batch.add(new IndexedImage(
                            ImageId.of(hash),
                            hash,
                            vector(random),
                            i,
                            new ImageMetadata("bench", Instant.EPOCH, 178, 218, Map.of("album", "bench")),
                            Instant.EPOCH));
                }
                index.upsert(collection, batch);
                bar.stepTo(from + batch.size());
            }
        }
    }

    static Embedding vector(Random random) {
        float[] values = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Embedding.normalised(values);
    }

    private static long topicBytes(Admin admin) throws InterruptedException, ExecutionException {
        List<Integer> brokers = admin.describeCluster().nodes().get().stream()
                .map(node -> node.id())
                .toList();
        return admin.describeLogDirs(brokers).allDescriptions().get().values().stream()
                .flatMap(folders -> folders.values().stream())
                .flatMap(folder -> folder.replicaInfos().entrySet().stream())
                .filter(replica -> replica.getKey().topic().equals(TOPICS.backfillJobs()))
                .mapToLong(replica -> replica.getValue().size())
                .sum();
    }

    private static double seconds(long since) {
        return Math.round((System.nanoTime() - since) / 1e7) / 100.0;
    }
}
