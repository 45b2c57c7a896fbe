package dev.sightline.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.ContentHash;
import dev.sightline.domain.Embedding;
import dev.sightline.domain.ImageId;
import dev.sightline.domain.ImageMetadata;
import dev.sightline.domain.ModelState;
import dev.sightline.domain.ModelVersion;
import dev.sightline.events.KafkaSettings;
import dev.sightline.events.ModelStateChanged;
import dev.sightline.events.ModelVersions;
import dev.sightline.events.Topics;
import dev.sightline.images.FilesystemImageStore;
import dev.sightline.index.InMemoryVectorIndex;
import dev.sightline.index.IndexedImage;
import dev.sightline.service.HttpService;
import dev.sightline.towers.Backbone;
import dev.sightline.towers.Preprocessing;
import dev.sightline.towers.TowerSettings;
import dev.sightline.towers.TwoTowerModel;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches while versions change under them: each answer is wholly of one version, and none fails. */
class ModelSwitchTest {
    private static final int DIMENSION = 8;
    private static final int SWITCHES = 150;
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

    @TempDir
    Path directory;

    private final InMemoryVectorIndex index = new InMemoryVectorIndex();
    private final HttpClient client = HttpClient.newHttpClient();
    private HttpService http;
    private ActiveModel active;
    private ModelVersions versions = ModelVersions.NONE;
    private ModelStateChanged one;
    private ModelStateChanged two;

    @BeforeEach
    void start() throws InterruptedException {
        one = version("one", List.of("Male", "Smiling", "Wearing_Hat"));
        two = version("two", List.of("Male", "Smiling"));
        active = new ActiveModel(new KafkaSettings("127.0.0.1:1"), Topics.DEFAULT, "s");
        http = new HttpService(0);
        new SearchRoutes(active, index, new FilesystemImageStore(directory.resolve("images")), query -> {}).mount(http);
        http.start();
        fill("one");
        fill("two");
    }

    @AfterEach
    void stop() {
        http.close();
        active.close();
    }

    @Test
    void noAnswerMixesVersionsAndNoneFails() throws Exception {
        say(one.to(ModelState.ACTIVE, "first", NOON));
        var done = new AtomicBoolean();
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        Map<String, AtomicInteger> answers = Map.of("one", new AtomicInteger(), "two", new AtomicInteger());
        var rounds = new AtomicIntegerArray(6);
        try (var searchers = Executors.newFixedThreadPool(6)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                int searcher = i;
                running.add(searchers.submit(() -> {
                    while (!done.get()) {
                        check(search("Male"), wrong, answers);
                        rounds.incrementAndGet(searcher);
                    }
                    return null;
                }));
            }
            for (int i = 0; i < SWITCHES; i++) {
                boolean toTwo = i % 2 == 0;
                replace(toTwo ? one : two, toTwo ? two : one, i % 3 == 0);
                String now = toTwo ? "two" : "one";
                int before = answers.get(now).get();
                while (answers.get(now).get() == before && allSearch(running, wrong)) {
                    Thread.onSpinWait();
                }
                awaitWhatIsUnderWay(rounds, () -> allSearch(running, wrong));
            }
            done.set(true);
            for (Future<?> each : running) {
                each.get();
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(answers.get("one")).hasPositiveValue();
        assertThat(answers.get("two")).hasPositiveValue();
    }

    /** A request that began before a collection was dropped must not find it made anew: versions have names of their own. */
    private static void awaitWhatIsUnderWay(AtomicIntegerArray rounds, BooleanSupplier goesOn) {
        int[] before = IntStream.range(0, rounds.length()).map(rounds::get).toArray();
        while (goesOn.getAsBoolean() && IntStream.range(0, before.length).anyMatch(i -> rounds.get(i) == before[i])) {
            Thread.onSpinWait();
        }
    }

    private static boolean allSearch(List<Future<?>> running, Queue<String> wrong) {
        return wrong.isEmpty() && running.stream().noneMatch(Future::isDone);
    }

    /** Backfill, cutover, and, every so often, retirement with the collection gone. */
    private void replace(ModelStateChanged old, ModelStateChanged next, boolean retire) {
        if (versions.find(next.version()).filter(ModelStateChanged::takesWrites).isEmpty()) {
            fill(next.version().value());
            say(next.to(ModelState.BACKFILLING, "wanted", NOON));
        }
        say(next.to(ModelState.ACTIVE, "filled", NOON));
        say(old.standby(NOON.plusSeconds(60), "replaced", NOON));
        if (retire) {
            say(old.closed("over", NOON));
            index.drop(old.version().collection("s"));
        }
    }

    @Test
    void anAttributeTheActiveVersionLacksIsRefusedByName() throws Exception {
        say(one.to(ModelState.ACTIVE, "first", NOON));
        assertThat(search("Wearing_Hat").statusCode()).isEqualTo(200);
        say(two.to(ModelState.ACTIVE, "another attribute list", NOON));

        HttpResponse<String> refused = search("Wearing_Hat");

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(new JsonObject(refused.body()).getString("attribute")).isEqualTo("Wearing_Hat");
        assertThat(new JsonObject(refused.body()).getString("detail")).contains("Wearing_Hat");
    }

    @Test
    void aVersionThatCannotBeLoadedIsNotSearched() throws Exception {
        say(one.to(ModelState.ACTIVE, "first", NOON));
        say(new ModelStateChanged(
                new ModelVersion("gone"),
                ModelState.ACTIVE,
                directory.resolve("gone").toUri(),
                DIMENSION,
                "no bundle",
                NOON));

        assertThat(new JsonObject(search("Male").body()).getString("modelVersion"))
                .isEqualTo("one");
    }

    private void say(ModelStateChanged event) {
        versions = versions.with(event);
        active.apply(versions);
    }

    private static void check(HttpResponse<String> response, Queue<String> wrong, Map<String, AtomicInteger> answers) {
        if (response.statusCode() != 200) {
            wrong.add(response.statusCode() + " " + response.body());
            return;
        }
        var answer = new JsonObject(response.body());
        String version = answer.getString("modelVersion");
        boolean whole = answer.getString("collection").equals("s_" + version)
                && answer.getJsonArray("results").size() == 10
                && answer.getJsonArray("results").stream()
                        .allMatch(hit -> ((JsonObject) hit).getString("id").startsWith(version + "-"));
        if (!whole) {
            wrong.add(response.body());
        }
        answers.get(version).incrementAndGet();
    }

    private HttpResponse<String> search(String attribute) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + http.port() + "/v1/search"))
                        .POST(HttpRequest.BodyPublishers.ofString("{\"require\":[\"" + attribute + "\"],\"limit\":10}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private ModelStateChanged version(String name, List<String> attributes) {
        Path bundle = directory.resolve(name + ".sightline-model");
        try (var model = TwoTowerModel.create(
                new AttributeSchema(name, attributes),
                new Preprocessing(32),
                new TowerSettings(Backbone.SMALL_CNN, 8, DIMENSION, 8),
                name.hashCode(),
                TwoTowerModel.bestDevice())) {
            model.save(bundle, new ModelVersion(name), Map.of(), Map.of());
        }
        return new ModelStateChanged(
                new ModelVersion(name), ModelState.CANDIDATE, bundle.toUri(), DIMENSION, "trained", NOON);
    }

    /** The ids of a version's collection tell whose they are. */
    private void fill(String version) {
        index.createCollection("s_" + version, DIMENSION);
        index.upsert(
                "s_" + version,
                IntStream.range(0, 30)
                        .mapToObj(i -> {
                            float[] vector = new float[DIMENSION];
                            vector[i % DIMENSION] = 1;
                            String id = version + "-" + i;
                            return new IndexedImage(
                                    new ImageId(id),
                                    ContentHash.of(id.getBytes(StandardCharsets.UTF_8)),
                                    Embedding.ofUnit(vector),
                                    i,
                                    new ImageMetadata("test", NOON, 1, 1, Map.of()),
                                    NOON);
                        })
                        .toList());
    }
}
