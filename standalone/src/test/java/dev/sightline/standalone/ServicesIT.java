package dev.sightline.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sightline.domain.ContentHash;
import dev.sightline.domain.ImageId;
import dev.sightline.domain.ModelVersion;
import dev.sightline.embed.EmbedMain;
import dev.sightline.events.KafkaSettings;
import dev.sightline.events.broker.EmbeddedBroker;
import dev.sightline.faces.FaceDataset;
import dev.sightline.index.VectorIndex;
import dev.sightline.index.milvus.MilvusServer;
import dev.sightline.index.milvus.MilvusVectorIndex;
import dev.sightline.ingest.IngestMain;
import dev.sightline.search.SearchMain;
import dev.sightline.standalone.demo.TrainingRun;
import dev.sightline.towers.Backbone;
import dev.sightline.towers.ModelManifest;
import dev.sightline.towers.Preprocessing;
import dev.sightline.towers.TowerSettings;
import dev.sightline.towers.TwoTowerModel;
import dev.sightline.trainer.TrainerMain;
import dev.sightline.trainer.dataset.CelebADataset;
import dev.sightline.trainer.registry.ModelRegistry;
import dev.sightline.trainer.training.Augmentation;
import dev.sightline.trainer.training.Optimisation;
import dev.sightline.trainer.training.RankingLoss;
import dev.sightline.trainer.training.TrainingRecipe;
import dev.sightline.trainer.training.TrainingSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The four services as processes that know each other only by Kafka, Milvus and two folders. */
class ServicesIT {
    private static final int IMAGES = 240;
    private static final int TERMINATED = 143;
    private static final String PREFIX = "sightline";
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final TowerSettings TOWERS = new TowerSettings(Backbone.SMALL_CNN, 8, 65, 32);
    private static final TrainingSettings SETTINGS = new TrainingSettings(
            TrainingRecipe.DEFAULT,
            TOWERS,
            new Preprocessing(32),
            RankingLoss.SMOOTH_TRIPLET.objective(TOWERS),
            new Optimisation.AdamWithCosine(2e-3f, 0.01f),
            Augmentation.Strength.MILD,
            new TrainingSettings.Schedule(1, 32, 0, 3));

    @TempDir(cleanup = CleanupMode.NEVER)
    Path directory;

    private final List<RunningService> running = new ArrayList<>();

    @AfterEach
    void endProcesses() throws InterruptedException {
        for (RunningService service : running) {
            service.kill();
        }
    }

    @Test
    void photosBecomeSearchableAndAreEmbeddedAgainAcrossProcessesThatWaitDrainAndDie() throws Exception {
        Files.createDirectories(directory.resolve("milvus"));
        try (MilvusServer milvus = MilvusServer.startOrSkip(directory.resolve("milvus"));
                MilvusVectorIndex index = MilvusVectorIndex.connect(milvus.settings())) {
            var kafka = new KafkaSettings("127.0.0.1:" + RunningService.freePort());
            Map<String, String> settings = settings(kafka, milvus.settings().uri());
            RunningService ingest = start(IngestMain.class, settings);
            RunningService search = start(SearchMain.class, settings);
            RunningService trainer = start(TrainerMain.class, settings);
            RunningService embed = start(EmbedMain.class, settings);
            new FaceDataset(300, 60, 60, 11).write(directory.resolve("faces"), done -> {});

            // No Kafka yet: they live and wait.
            await().atMost(PATIENCE).until(() -> ingest.health("live") == 200 && search.health("live") == 200);
            assertThat(ingest.health("started")).isEqualTo(503);
            assertThat(ingest.post("/v1/images", new byte[0])
                            .body()
                            .get("title")
                            .asText())
                    .isEqualTo("Starting");

            try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"), port(kafka));
                    Admin admin = kafka.admin()) {
                await().atMost(PATIENCE).until(() -> ingest.isReady() && trainer.isReady());
                String collection = publishTrainedModel(trainer);
                await().atMost(PATIENCE).until(() -> search.isReady() && embed.isReady());

                Set<ImageId> sent = upload(ingest, 0, IMAGES / 2);
                await().atMost(PATIENCE).until(() -> index.count(collection) > 0);
                assertThat(embed.terminate()).isEqualTo(TERMINATED);
                assertThat(committed(admin)).as("what it indexed it committed").isEqualTo(index.count(collection));

                RunningService second = start(EmbedMain.class, settings);
                sent.addAll(upload(ingest, IMAGES / 2, IMAGES));
                long before = index.count(collection);
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> index.count(collection) > before || before == IMAGES);
                second.kill();

                RunningService third = start(EmbedMain.class, settings);
                await().atMost(PATIENCE).until(() -> index.count(collection) >= sent.size());
                assertThat(ids(index, collection)).isEqualTo(sent);
                await().atMost(PATIENCE).until(() -> committed(admin) == IMAGES);

                assertSearchFinds(search, sent);

                String next = promoteUntrainedModel(trainer);
                trainer.kill();
                RunningService successor = start(TrainerMain.class, settings);
                await().atMost(PATIENCE).until(() -> active(successor).equals(next));
                assertThat(ids(index, new ModelVersion(next).collection(PREFIX)))
                        .isEqualTo(sent);
                assertSearchFinds(search, sent);

                for (RunningService service : List.of(ingest, search, successor, third)) {
                    assertThat(service.terminate()).isEqualTo(TERMINATED);
                    assertThat(service.logLines())
                            .anyMatch(line -> line.contains("has stopped"))
                            .noneMatch(
                                    line -> line.contains("did not close cleanly") || line.contains("still in flight"));
                }
                assertThat(broker.bootstrapServers()).isEqualTo(kafka.bootstrapServers());
            }
        }
    }

    @Test
    void aWrongConfigurationEndsAtOnceAndNamesEveryMistake() throws Exception {
        ProcessBuilder builder = RunningService.command(SearchMain.class);
        builder.environment().putAll(Map.of("SIGHTLINE_HTTP_PORT", "none", "SIGHTLINE_KAFKA_BROKERS", "a:1"));
        Process process = builder.start();
        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isEqualTo(2);
        assertThat(errors)
                .contains("SIGHTLINE_HTTP_PORT is 'none'; allowed: whole number, 0 to 65535")
                .contains("SIGHTLINE_KAFKA_BROKERS: there is no such setting");
    }

    @Test
    void eachSaysWhatItCanBeToldAndWhatItWouldRunWith() throws Exception {
        assertThat(output(RunningService.command(IngestMain.class, "--help")))
                .contains("--config", "SIGHTLINE_KAFKA_BOOTSTRAP_SERVERS", "localhost:9092");
        ProcessBuilder printing = RunningService.command(EmbedMain.class, "--print-config");
        printing.environment().put("SIGHTLINE_INDEX_MILVUS_TOKEN", "hush");

        assertThat(output(printing))
                .contains("maxBatchLinger: 20ms", "token: '****'")
                .doesNotContain("hush");
    }

    private static String output(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return output;
    }

    private RunningService start(Class<?> main, Map<String, String> settings) throws IOException {
        Path log = directory.resolve(main.getSimpleName() + "-" + running.size() + ".log");
        RunningService service = RunningService.start(main, settings, log);
        running.add(service);
        return service;
    }

    private Map<String, String> settings(KafkaSettings kafka, String milvus) {
        Map<String, String> settings = new HashMap<>();
        settings.put("SIGHTLINE_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
        settings.put("SIGHTLINE_KAFKA_PARTITIONS", "4");
        settings.put("SIGHTLINE_INDEX_MILVUS_URI", milvus);
        settings.put("SIGHTLINE_IMAGES_DIRECTORY", directory.resolve("images").toString());
        settings.put("SIGHTLINE_MODELS_DIRECTORY", directory.resolve("models").toString());
        settings.put("SIGHTLINE_UPLOADS_DIRECTORY", directory.resolve("uploads").toString());
        return settings;
    }

    private static int port(KafkaSettings kafka) {
        return Integer.parseInt(kafka.bootstrapServers().replaceFirst(".*:", ""));
    }

    private String publishTrainedModel(RunningService trainer) throws IOException, InterruptedException {
        ModelManifest manifest = TrainingRun.train(
                CelebADataset.read(directory.resolve("faces")),
                SETTINGS,
                directory.resolve("training"),
                new ModelRegistry(directory.resolve("models")));
        promote(trainer, manifest.version());
        return manifest.version().collection(PREFIX);
    }

    /** Begins to embed everything again. @return the version */
    private String promoteUntrainedModel(RunningService trainer) throws IOException, InterruptedException {
        var version = new ModelVersion("v9");
        try (var model = TwoTowerModel.create(
                CelebADataset.read(directory.resolve("faces")).schema(),
                SETTINGS.preprocessing(),
                TOWERS,
                9,
                TwoTowerModel.bestDevice())) {
            model.save(new ModelRegistry(directory.resolve("models")).bundle(version), version, Map.of(), Map.of());
        }
        promote(trainer, version);
        assertThat(active(trainer)).isNotEqualTo(version.value());
        return version.value();
    }

    private static void promote(RunningService trainer, ModelVersion version) throws IOException, InterruptedException {
        RunningService.Answer answer = trainer.post("/v1/admin/models/" + version + "/promote", new byte[0]);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    }

    /** The active version; empty while the trainer cannot say. */
    private static String active(RunningService trainer) throws InterruptedException {
        try {
            return trainer.get("/v1/admin/models").body().path("active").asText();
        } catch (IOException e) {
            return "";
        }
    }

    private Set<ImageId> upload(RunningService ingest, int from, int to) throws IOException, InterruptedException {
        Set<ImageId> ids = new HashSet<>();
        for (int i = from; i < to; i++) {
            byte[] photo = Files.readAllBytes(
                    directory.resolve("faces/img_align_celeba").resolve(FaceDataset.fileName(i)));
            assertThat(ingest.post("/v1/images?source=test", photo).status()).isEqualTo(202);
            ids.add(ImageId.of(ContentHash.of(photo)));
        }
        return ids;
    }

    /** Events of all partitions that the embed workers have committed as done. */
    private static long committed(Admin admin) throws Exception {
        return admin.listConsumerGroupOffsets("sightline-embed").partitionsToOffsetAndMetadata().get().values().stream()
                .mapToLong(OffsetAndMetadata::offset)
                .sum();
    }

    private static Set<ImageId> ids(VectorIndex index, String collection) {
        List<ImageId> ids = new ArrayList<>();
        List<ImageId> page = index.ids(collection, Optional.empty(), 100);
        while (!page.isEmpty()) {
            ids.addAll(page);
            page = index.ids(collection, Optional.of(page.getLast()), 100);
        }
        assertThat(ids).doesNotHaveDuplicates();
        return Set.copyOf(ids);
    }

    /** Searches see writes a moment after the index acknowledged them. */
    private static void assertSearchFinds(RunningService search, Set<ImageId> sent) {
        byte[] body = ("{\"require\":[\"Male\"],\"limit\":" + IMAGES + "}").getBytes(StandardCharsets.UTF_8);
        await().atMost(PATIENCE).untilAsserted(() -> {
            RunningService.Answer answer = search.post("/v1/search", body);
            assertThat(answer.status()).isEqualTo(200);
            Set<ImageId> found = new HashSet<>();
            answer.body()
                    .get("results")
                    .forEach(hit -> found.add(new ImageId(hit.get("id").asText())));
            assertThat(found).isEqualTo(sent);
        });
    }
}
