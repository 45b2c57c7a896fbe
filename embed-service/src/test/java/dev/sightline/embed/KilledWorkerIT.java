package dev.sightline.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.ImageId;
import dev.sightline.domain.ModelState;
import dev.sightline.domain.ModelVersion;
import dev.sightline.events.EventCodecs;
import dev.sightline.events.EventProducer;
import dev.sightline.events.ImageContent;
import dev.sightline.events.ImageEvent;
import dev.sightline.events.ImageUploaded;
import dev.sightline.events.KafkaSettings;
import dev.sightline.events.ModelStateChanged;
import dev.sightline.events.Topics;
import dev.sightline.events.broker.EmbeddedBroker;
import dev.sightline.faces.FaceDataset;
import dev.sightline.images.FilesystemImageStore;
import dev.sightline.index.milvus.MilvusServer;
import dev.sightline.index.milvus.MilvusSettings;
import dev.sightline.index.milvus.MilvusVectorIndex;
import dev.sightline.towers.Backbone;
import dev.sightline.towers.Preprocessing;
import dev.sightline.towers.TowerSettings;
import dev.sightline.towers.TwoTowerModel;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A worker process killed in the middle of its work loses nothing and doubles nothing. */
class KilledWorkerIT {
    private static final int IMAGES = 1_000;
    private static final int DIMENSION = 16;
    private static final Topics TOPICS = new Topics("", 4, (short) -1, Duration.ofDays(1), 1 << 20);
    private static final ModelVersion VERSION = new ModelVersion("v1");
    private static final String COLLECTION = VERSION.collection(EmbedSettings.DEFAULT.collectionPrefix());

    @TempDir(cleanup = CleanupMode.NEVER)
    Path directory;

    @Test
    void everyImageBecomesSearchableAlthoughTheWorkerIsKilled() throws Exception {
        Files.createDirectories(directory.resolve("milvus"));
        try (MilvusServer milvus = MilvusServer.startOrSkip(directory.resolve("milvus"));
                EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"));
                MilvusVectorIndex index = MilvusVectorIndex.connect(milvus.settings())) {
            KafkaSettings kafka = broker.settings(Map.of());
            activateModel(kafka);
            Set<ImageId> sent = upload(kafka);

            Process first = startWorker(kafka, milvus.settings());
            try {
                await().atMost(Duration.ofMinutes(1)).until(() -> searchable(index) >= IMAGES / 5);
            } finally {
                first.destroyForcibly().waitFor();
            }
            assertThat(searchable(index)).as("it was killed in the middle").isLessThan(IMAGES);

            Process second = startWorker(kafka, milvus.settings());
            try {
                await().atMost(Duration.ofMinutes(2)).until(() -> searchable(index) >= IMAGES);
            } finally {
                second.destroy();
                second.waitFor();
            }
            assertThat(index.count(COLLECTION)).isEqualTo(IMAGES);
            assertThat(allIds(index)).isEqualTo(sent);
        }
    }

    /** A worker in a process of its own, until it is told to end. */
    static final class WorkerProcess {
        public static void main(String[] arguments) throws InterruptedException {
            var index = MilvusVectorIndex.connect(new MilvusSettings(arguments[1]));
            var worker = new EmbedWorker(
                    EmbedSettings.DEFAULT,
                    new KafkaSettings(arguments[0]),
                    TOPICS,
                    new FilesystemImageStore(Path.of(arguments[2])),
                    index,
                    new SimpleMeterRegistry());
            Runtime.getRuntime().addShutdownHook(new Thread(worker::close, "drain"));
            worker.start();
            new CountDownLatch(1).await();
        }
    }

    private Process startWorker(KafkaSettings kafka, MilvusSettings milvus) throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx1g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WorkerProcess.class.getName(),
                        kafka.bootstrapServers(),
                        milvus.uri(),
                        directory.resolve("images").toString())
                .inheritIO()
                .start();
    }

    private void activateModel(KafkaSettings kafka) throws InterruptedException {
        try (Admin admin = Admin.create(kafka.with(Map.of()))) {
            TOPICS.ensure(admin);
        }
        Path bundle = directory.resolve("v1.sightline-model");
        try (var model = TwoTowerModel.create(
                new AttributeSchema("one", List.of("Male")),
                new Preprocessing(32),
                new TowerSettings(Backbone.SMALL_CNN, 8, DIMENSION, 8),
                1,
                TwoTowerModel.bestDevice())) {
            model.save(bundle, VERSION, Map.of(), Map.of());
        }
        try (var modelEvents = new EventProducer<>(kafka, TOPICS.modelEvents(), EventCodecs.MODEL_EVENTS)) {
            modelEvents
                    .send(new ModelStateChanged(
                            VERSION, ModelState.ACTIVE, bundle.toUri(), DIMENSION, "first", Instant.now()))
                    .join();
        }
    }

    private Set<ImageId> upload(KafkaSettings kafka) throws IOException {
        new FaceDataset(IMAGES, 0, 0, 3).write(directory.resolve("faces"), done -> {});
        var store = new FilesystemImageStore(directory.resolve("images"));
        Set<ImageId> sent = new HashSet<>();
        List<CompletableFuture<?>> acknowledgements = new ArrayList<>();
        try (var producer = new EventProducer<ImageEvent>(kafka, TOPICS.imageEvents(), EventCodecs.IMAGE_EVENTS)) {
            for (int i = 0; i < IMAGES; i++) {
                Path face = directory.resolve("faces/img_align_celeba").resolve(FaceDataset.fileName(i));
                var hash = store.put(Files.readAllBytes(face));
                sent.add(ImageId.of(hash));
                acknowledgements.add(producer.send(new ImageUploaded(
                        ImageId.of(hash), new ImageContent.Stored(hash), "test", Instant.now(), Map.of())));
            }
            acknowledgements.forEach(CompletableFuture::join);
        }
        return sent;
    }

    private static long searchable(MilvusVectorIndex index) {
        return index.collections().contains(COLLECTION) ? index.count(COLLECTION) : 0;
    }

    private static Set<ImageId> allIds(MilvusVectorIndex index) {
        Set<ImageId> ids = new HashSet<>();
        List<ImageId> page = index.ids(COLLECTION, Optional.empty(), 300);
        while (!page.isEmpty()) {
            ids.addAll(page);
            page = index.ids(COLLECTION, Optional.of(page.getLast()), 300);
        }
        return ids;
    }
}
