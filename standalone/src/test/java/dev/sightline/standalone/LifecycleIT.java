package dev.sightline.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.ContentHash;
import dev.sightline.domain.ModelVersion;
import dev.sightline.faces.FaceDataset;
import dev.sightline.service.config.LifecycleConfig;
import dev.sightline.service.config.StandaloneConfig;
import dev.sightline.towers.Backbone;
import dev.sightline.towers.ModelManifest;
import dev.sightline.towers.Preprocessing;
import dev.sightline.towers.TowerSettings;
import dev.sightline.towers.TwoTowerModel;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions replace each other on a real broker while people upload, delete and search. */
class LifecycleIT {
    private static final int FACES = 80;
    private static final Duration LONG = Duration.ofMinutes(3);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    Path directory;

    private final Set<String> live = ConcurrentHashMap.newKeySet();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();
    private final List<Thread> traffic = new ArrayList<>();
    private Platform platform;
    private volatile boolean stopping;

    @BeforeEach
    void start() throws InterruptedException {
        new FaceDataset(FACES, 0, 0, 5).write(directory.resolve("faces"), done -> {});
        platform = start(Duration.ofHours(1));
    }

    private Platform start(Duration rollbackWindow) throws InterruptedException {
        return Platform.start(
                directory.resolve("home"),
                StandaloneConfig.in(directory.resolve("home"), 0)
                        .with(new LifecycleConfig(rollbackWindow, 0, 1, 0, 1, 2)));
    }

    @AfterEach
    void stop() throws InterruptedException {
        stopTraffic();
        platform.close();
    }

    @Test
    void nothingIsMissingNothingComesBackAndNoSearchFails() throws Exception {
        publish("v1");
        for (int i = 0; i < FACES; i++) {
            upload(i);
        }
        awaitLive("v1");
        startTraffic();

        publish("v2");
        awaitSearched("v2");
        stopTraffic();
        awaitLive("v2");
        awaitLive("v1");

        startTraffic();
        JsonNode rolledBack = post("/v1/admin/models/rollback");
        assertThat(rolledBack.get("rolledBackTo").asText()).isEqualTo("v1");
        awaitSearched("v1");
        post("/v1/admin/models/v2/promote");
        awaitSearched("v2");
        publish("v3");
        awaitSearched("v3");
        stopTraffic();

        assertThat(wrong).isEmpty();
        awaitLive("v3");
        awaitLive("v2");
        JsonNode models = get("/v1/admin/models");
        assertThat(models.get("active").asText()).isEqualTo("v3");
        assertThat(models.get("rollbackTo").asText()).isEqualTo("v2");
        assertThat(models.get("models")).hasSize(3);
        assertThat(evidence()).as("of two cutovers, by their figures").hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void aBackfillGoesOnAfterARestart() throws Exception {
        platform.close();
        platform = start(Duration.ZERO);
        publish("v1");
        for (int i = 0; i < FACES; i++) {
            upload(i);
        }
        awaitLive("v1");
        ModelManifest next = model("v2");
        post("/v1/admin/models/v2/promote");
        platform.close();

        platform = start(Duration.ZERO);
        await().atMost(LONG).until(() -> platform.activeModel().version().equals(Optional.of(next.version())));
        awaitLive("v2");

        // There is no window any more, so there is no way back but to embed everything again.
        await().atMost(LONG)
                .until(() -> platform.lifecycle()
                        .versions()
                        .find(new ModelVersion("v1"))
                        .filter(event -> !event.takesWrites())
                        .isPresent());
        platform.lifecycle().awaitActing();
        assertThatThrownBy(() -> post("/v1/admin/models/rollback"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("409")
                .hasMessageContaining("roll back to");
    }

    private void publish(String version) throws InterruptedException {
        ModelManifest manifest = model(version);
        platform.lifecycle()
                .publish(
                        manifest, platform.registry().bundle(manifest.version()).toUri(), (done, total) -> {});
    }

    /** An untrained model is as good as any here. */
    private ModelManifest model(String version) {
        try (var model = TwoTowerModel.create(
                new AttributeSchema("two", List.of("Male", "Smiling")),
                new Preprocessing(32),
                new TowerSettings(Backbone.SMALL_CNN, 8, 16, 8),
                version.hashCode(),
                TwoTowerModel.bestDevice())) {
            var name = new ModelVersion(version);
            return model.save(platform.registry().bundle(name), name, Map.of(), Map.of());
        }
    }

    private void startTraffic() {
        stopping = false;
        traffic.add(Thread.ofVirtual().name("clients").start(this::uploadAndDelete));
        for (int i = 0; i < 3; i++) {
            traffic.add(Thread.ofVirtual().name("searcher-" + i).start(this::search));
        }
    }

    private void stopTraffic() throws InterruptedException {
        stopping = true;
        for (Thread thread : traffic) {
            thread.join();
        }
        traffic.clear();
    }

    private void uploadAndDelete() {
        var random = new Random(7);
        try {
            while (!stopping) {
                int face = random.nextInt(FACES);
                if (random.nextInt(3) > 0) {
                    upload(face);
                } else {
                    delete(face);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            wrong.add("an upload failed: " + e);
        }
    }

    private void search() {
        try {
            while (!stopping) {
                HttpResponse<String> response = CLIENT.send(
                        request("/v1/search")
                                .POST(HttpRequest.BodyPublishers.ofString("{\"require\":[\"Male\"],\"limit\":5}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                JsonNode answer = JSON.readTree(response.body());
                String version = answer.path("modelVersion").asText();
                if (response.statusCode() != 200
                        || !answer.path("collection").asText().equals("sightline_" + version)
                        || answer.path("results").size() != 5) {
                    wrong.add(response.statusCode() + " " + response.body());
                }
                answers.computeIfAbsent(version, any -> new AtomicInteger()).incrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            wrong.add("a search failed: " + e);
        }
    }

    private void awaitSearched(String version) {
        int before = answers.getOrDefault(version, new AtomicInteger()).get();
        await().atMost(LONG)
                .until(() -> platform.activeModel().version().equals(Optional.of(new ModelVersion(version)))
                        && answers.getOrDefault(version, new AtomicInteger()).get() > before);
    }

    /** What was accepted is searchable, and nothing else, in a version's collection. */
    private void awaitLive(String version) {
        await().atMost(LONG).untilAsserted(() -> {
            Set<String> ids = new HashSet<>();
            platform.index()
                    .ids("sightline_" + version, Optional.empty(), 10_000)
                    .forEach(id -> ids.add(id.value()));
            assertThat(ids).isEqualTo(live);
        });
    }

    private void upload(int face) throws IOException, InterruptedException {
        byte[] bytes =
                Files.readAllBytes(directory.resolve("faces/img_align_celeba").resolve(FaceDataset.fileName(face)));
        JsonNode answer = send(request("/v1/images").POST(HttpRequest.BodyPublishers.ofByteArray(bytes)));
        live.add(answer.get("id").asText());
    }

    private void delete(int face) throws IOException, InterruptedException {
        byte[] bytes =
                Files.readAllBytes(directory.resolve("faces/img_align_celeba").resolve(FaceDataset.fileName(face)));
        String id = ContentHash.of(bytes).hex();
        HttpResponse<String> response =
                CLIENT.send(request("/v1/images/" + id).DELETE().build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() == 202) {
            live.remove(id);
        }
    }

    private List<Path> evidence() throws IOException {
        try (var files = Files.list(platform.registry().evidence())) {
            return files.toList();
        }
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    private JsonNode post(String path) throws IOException, InterruptedException {
        return send(request(path).POST(HttpRequest.BodyPublishers.noBody()));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(platform.url() + path));
    }

    private static JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() >= 400) {
            throw new IOException(response.statusCode() + " " + response.body());
        }
        return JSON.readTree(response.body());
    }
}
