package dev.sightline.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import dev.sightline.domain.ContentHash;
import dev.sightline.domain.ModelState;
import dev.sightline.faces.FaceDataset;
import dev.sightline.standalone.demo.TrainingRun;
import dev.sightline.towers.Backbone;
import dev.sightline.towers.ModelManifest;
import dev.sightline.towers.Preprocessing;
import dev.sightline.towers.TowerSettings;
import dev.sightline.trainer.dataset.CelebADataset;
import dev.sightline.trainer.training.Augmentation;
import dev.sightline.trainer.training.Optimisation;
import dev.sightline.trainer.training.RankingLoss;
import dev.sightline.trainer.training.TrainingRecipe;
import dev.sightline.trainer.training.TrainingSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The main job on a real broker, a real index and a real (small) model, told as one story. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PlatformIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final TowerSettings TOWERS = new TowerSettings(Backbone.SMALL_CNN, 8, 65, 32);
    private static final TrainingSettings SETTINGS = new TrainingSettings(
            TrainingRecipe.DEFAULT,
            TOWERS,
            new Preprocessing(32),
            RankingLoss.SMOOTH_TRIPLET.objective(TOWERS),
            new Optimisation.AdamWithCosine(2e-3f, 0.01f),
            Augmentation.Strength.MILD,
            new TrainingSettings.Schedule(2, 32, 0, 3));
    private static final int HELD_OUT = 60;

    @TempDir
    static Path home;

    private static Path faces;
    private static Platform platform;
    private static final Set<String> UPLOADED = new LinkedHashSet<>();

    private record Answer(int status, JsonNode body, String mediaType) {}

    @BeforeAll
    static void start() throws InterruptedException {
        faces = home.resolve("faces");
        new FaceDataset(300, 60, HELD_OUT, 11).write(faces, done -> {});
        platform = Platform.start(home.resolve("platform"), 0);
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    @Test
    @Order(1)
    void withoutAModelSearchesSayTheyMustWait() throws Exception {
        Answer answer = post("/v1/search", "{\"require\":[\"Male\"]}");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.mediaType()).isEqualTo("application/problem+json");
        assertThat(answer.body().get("detail").asText()).contains("train one");
    }

    @Test
    @Order(2)
    void aTrainedVersionBecomesActive() throws InterruptedException {
        ModelManifest manifest = train(SETTINGS);
        TrainingRun.publish(platform, manifest);

        await().until(() -> platform.activeModel().version().equals(Optional.of(manifest.version())));
    }

    @Test
    @Order(3)
    void uploadedPhotosBecomeSearchable() throws Exception {
        for (int i = 300 - HELD_OUT; i < 300; i++) {
            Answer answer = upload(face(i));
            assertThat(answer.status()).isEqualTo(202);
            UPLOADED.add(answer.body().get("id").asText());
        }
        awaitSearchable();

        String id = UPLOADED.iterator().next();
        await().until(() ->
                get("/v1/images/" + id + "/status").body().get("state").asText().equals("searchable"));
        assertThat(get("/v1/stats").body().get("indexed").asInt()).isEqualTo(HELD_OUT);
    }

    @Test
    @Order(4)
    void bytesThatSayTheyAreAFormAreTakenAsBytes() throws Exception {
        byte[] bytes = Files.readAllBytes(face(300 - HELD_OUT));
        Answer answer = send(request("/v1/images")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofByteArray(bytes)));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body().get("id").asText())
                .isEqualTo(ContentHash.of(bytes).hex());
    }

    @Test
    @Order(4)
    void theSameBytesTwiceAreOneImage() throws Exception {
        Answer again = upload(face(300 - HELD_OUT));

        assertThat(again.body().get("id").asText())
                .isEqualTo(UPLOADED.iterator().next());
        assertThat(get("/v1/stats").body().get("indexed").asInt()).isEqualTo(HELD_OUT);
    }

    @Test
    @Order(5)
    void searchesAnswerWithScoresBestFirst() throws Exception {
        Answer answer = post("/v1/search", "{\"require\":[\"Male\"],\"exclude\":[\"Smiling\"],\"limit\":15}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().get("modelVersion").asText())
                .isEqualTo(platform.activeModel().version().orElseThrow().value());
        List<JsonNode> results = list(answer.body().get("results"));
        assertThat(results).hasSize(15);
        List<Double> scores =
                results.stream().map(hit -> hit.get("score").asDouble()).toList();
        assertThat(scores).isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(scores).allSatisfy(score -> assertThat(score).isBetween(1e-6, 1.0));
        assertThat(UPLOADED)
                .containsAll(results.stream().map(hit -> hit.get("id").asText()).toList());

        HttpResponse<byte[]> image = CLIENT.send(
                request(results.getFirst().get("imageUrl").asText()).build(), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(image.headers().firstValue("Content-Type")).contains("image/jpeg");
        assertThat(ContentHash.of(image.body()).hex())
                .isEqualTo(results.getFirst().get("id").asText());
    }

    @Test
    @Order(6)
    void filtersByMetadata() throws Exception {
        assertThat(list(post("/v1/search", "{\"require\":[\"Male\"],\"filter\":{\"source\":[\"nobody\"]}}")
                        .body()
                        .get("results")))
                .isEmpty();
        assertThat(list(post("/v1/search", "{\"require\":[\"Male\"],\"filter\":{\"tags\":{\"album\":\"test\"}}}")
                        .body()
                        .get("results")))
                .isNotEmpty();
    }

    @Test
    @Order(6)
    void anExampleFindsOthersAndNotItself() throws Exception {
        String example = UPLOADED.iterator().next();

        Answer alone = post("/v1/search", "{\"like\":\"" + example + "\",\"limit\":" + HELD_OUT + "}");
        Answer changed = post("/v1/search", "{\"like\":\"" + example + "\",\"exclude\":[\"Smiling\"],\"limit\":5}");
        Answer unknown = post("/v1/search", "{\"like\":\"nowhere\"}");

        assertThat(list(alone.body().get("results")).stream()
                        .map(hit -> hit.get("id").asText()))
                .hasSize(HELD_OUT - 1)
                .doesNotContain(example);
        assertThat(list(changed.body().get("results"))).hasSize(5);
        assertThat(changed.body().get("like").asText()).isEqualTo(example);
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.body().get("detail").asText()).contains("'nowhere' given in 'like'");
    }

    @Test
    @Order(7)
    void badSearchesGetTheirOwnError() throws Exception {
        Map<String, String> mistakes = Map.of(
                "{\"require\":[\"Smilling\"]}", "did you mean Smiling",
                "{\"require\":[\"Male\"],\"limit\":0}", "1 to 1000, not 0",
                "{\"require\":[\"Male\"],\"limit\":1000000000}", "1 to 1000, not 1000000000",
                "{\"require\":[\"Male\"],\"limit\":\"ten\"}", "1 to 1000, not ten",
                "{\"require\":[\"Male\"],\"exclude\":[\"Male\"]}", "both required and excluded",
                "{\"requires\":[\"Male\"]}", "unknown field 'requires'",
                "{}", "at least one attribute",
                "[1]", "send a JSON object",
                "{\"require\":", "not valid JSON");
        for (Map.Entry<String, String> mistake : mistakes.entrySet()) {
            Answer answer = post("/v1/search", mistake.getKey());

            assertThat(answer.status()).as(mistake.getKey()).isEqualTo(400);
            assertThat(answer.mediaType()).isEqualTo("application/problem+json");
            assertThat(answer.body().get("detail").asText()).contains(mistake.getValue());
        }
    }

    @Test
    @Order(8)
    void badUploadsGetTheirOwnErrorAndTheServiceGoesOn() throws Exception {
        byte[] whole = Files.readAllBytes(face(0));
        assertRefused(new byte[0], 400, "EMPTY");
        assertRefused("a text named .jpg".getBytes(StandardCharsets.UTF_8), 415, "UNSUPPORTED_FORMAT");
        assertRefused(pngHeader(40_000, 40_000), 422, "TOO_MANY_PIXELS");

        assertRefused(Arrays.copyOf(whole, whole.length / 2), 422, "CORRUPT");

        // Whole by its container, so it is the worker that finds out.
        byte[] damaged = png(whole);
        Arrays.fill(damaged, damaged.length / 2, damaged.length / 2 + 64, (byte) 0);
        String id = upload(damaged).body().get("id").asText();
        await().until(() ->
                get("/v1/images/" + id + "/status").body().get("state").asText().equals("failed"));
        assertThat(get("/v1/images/" + id + "/status").body().get("reason").asText())
                .isEqualTo("CORRUPT");

        assertThat(get("/v1/images/unheard-of/status").status()).isEqualTo(404);
        assertThat(get("/v1/images/unheard-of").status()).isEqualTo(404);
        assertThat(send(request("/v1/images/unheard-of").DELETE()).status()).isEqualTo(404);
        assertThat(get("/v1/nothing").status()).isEqualTo(404);
        assertThat(get("/health/ready").status()).isEqualTo(200);
    }

    @Test
    @Order(9)
    void inAnUploadOfManyABadFileCostsOnlyItself() throws Exception {
        byte[] good = Files.readAllBytes(face(1));
        Answer answer = send(request("/v1/images")
                .header("Content-Type", "multipart/form-data; boundary=cut")
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        multipart(List.of(good, "no image".getBytes(StandardCharsets.UTF_8))))));

        assertThat(answer.status()).isEqualTo(207);
        assertThat(answer.body().get("images").get(0).get("id").asText())
                .isEqualTo(ContentHash.of(good).hex());
        assertThat(answer.body()
                        .get("images")
                        .get(1)
                        .get("problem")
                        .get("status")
                        .asInt())
                .isEqualTo(415);
        UPLOADED.add(ContentHash.of(good).hex());
        awaitSearchable();
    }

    @Test
    @Order(10)
    void labelsAreCheckedAndTaken() throws Exception {
        String labels = "/v1/images/" + UPLOADED.iterator().next() + "/labels";

        assertThat(put(labels, "{\"Male\":true,\"Smiling\":false}").status()).isEqualTo(202);
        assertThat(put(labels, "{\"Male\":\"yes\"}").body().get("detail").asText())
                .contains("true or false");
        assertThat(put(labels, "{").status()).isEqualTo(400);
    }

    @Test
    @Order(10)
    void feedbackIsCheckedAndTaken() throws Exception {
        String told = "{\"image\":\"" + UPLOADED.iterator().next() + "\",\"attributes\":{\"Smiling\":false}}";

        assertThat(post("/v1/feedback", told).status()).isEqualTo(202);
        assertThat(post("/v1/feedback", "{\"image\":\"nobody\",\"attributes\":{\"Smiling\":false}}")
                        .status())
                .isEqualTo(404);
        for (String bad : List.of(
                "{}",
                "{\"image\":\"\",\"attributes\":{\"Smiling\":false}}",
                "{\"image\":7,\"attributes\":{\"Smiling\":false}}",
                "[",
                "")) {
            assertThat(post("/v1/feedback", bad).status()).isEqualTo(400);
        }
    }

    @Test
    @Order(11)
    void aDeletedImageIsFoundNoMore() throws Exception {
        String id = UPLOADED.stream().reduce((first, second) -> second).orElseThrow();
        assertThat(send(request("/v1/images/" + id).DELETE()).status()).isEqualTo(202);
        UPLOADED.remove(id);

        await().until(() -> get("/v1/stats").body().get("indexed").asInt() == HELD_OUT);
        assertThat(get("/v1/images/" + id).status()).isEqualTo(404);
        await().until(() ->
                get("/v1/images/" + id + "/status").body().get("state").asText().equals("deleted"));
    }

    @Test
    @Order(12)
    void thePageAsksAndShows() {
        Optional<Path> chromium = Stream.of(
                        System.getenv().getOrDefault("CHROMIUM_PATH", "/usr/bin/chromium"),
                        "/usr/bin/chromium-browser",
                        "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
        Assumptions.assumeTrue(chromium.isPresent(), "SKIPPED: no Chromium; install it or set CHROMIUM_PATH");
        var environment = new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"));
        try (Playwright playwright = Playwright.create(environment);
                Browser browser = playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(chromium.orElseThrow())
                                .setArgs(
                                        List.of("--no-sandbox", "--disable-gpu", "--disable-background-networking")))) {
            Page page = browser.newPage();
            page.navigate(platform.url());
            Locator smiling = page.locator("[data-attribute=Smiling]");
            Locator hits = page.locator(".hit");

            smiling.click();
            PlaywrightAssertions.assertThat(hits).hasCount(40);
            PlaywrightAssertions.assertThat(page.locator("#indexed")).hasText(Integer.toString(HELD_OUT));
            PlaywrightAssertions.assertThat(smiling).hasAttribute("aria-label", "Smiling: required");
            page.locator("[data-attribute=Male]").dblclick();
            PlaywrightAssertions.assertThat(page.locator("#summary")).containsText("not Male");
            assertThat(page.url()).contains("#Smiling,-Male");
            page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "page.png")));

            hits.first().click();
            PlaywrightAssertions.assertThat(page.locator("#detail")).isVisible();
            page.locator("#detail button").click();

            page.locator("#show-models").click();
            Locator active = page.locator(".model[data-state=ACTIVE]");
            PlaywrightAssertions.assertThat(active).hasCount(1);
            PlaywrightAssertions.assertThat(active)
                    .containsText(platform.activeModel().version().orElseThrow().value());
        }
    }

    @Test
    @Order(13)
    void aNewVersionReembedsEverythingBeforeItIsSearched() throws Exception {
        ModelManifest next = train(SETTINGS.withEpochs(1));
        TrainingRun.publish(platform, next);

        await().until(() -> platform.activeModel().version().equals(Optional.of(next.version())));
        assertThat(searchableIds()).isEqualTo(UPLOADED);
        assertThat(platform.lifecycle().versions().all())
                .extracting(event -> event.state())
                .containsExactly(ModelState.RETIRED, ModelState.ACTIVE);
    }

    @Test
    @Order(14)
    void everythingSurvivesARestart() throws Exception {
        platform.close();
        platform = Platform.start(home.resolve("platform"), 0);
        await().until(() -> platform.activeModel().version().isPresent());

        assertThat(searchableIds()).isEqualTo(UPLOADED);
        assertThat(post("/v1/search", "{\"require\":[\"Male\"]}").status()).isEqualTo(200);
    }

    @Test
    @Order(15)
    void aTakenPortIsNamed() {
        int taken = URI.create(platform.url()).getPort();

        assertThatThrownBy(() -> Platform.start(home.resolve("other"), taken))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("port " + taken + " is in use");
    }

    private static ModelManifest train(TrainingSettings settings) throws InterruptedException {
        return TrainingRun.train(CelebADataset.read(faces), settings, home.resolve("training"), platform.registry());
    }

    private static void awaitSearchable() {
        await().atMost(Duration.ofSeconds(60)).until(() -> searchableIds().equals(UPLOADED));
    }

    private static Set<String> searchableIds() {
        Set<String> ids = new LinkedHashSet<>();
        platform.index()
                .ids(platform.activeCollection().orElseThrow(), Optional.empty(), 1_000)
                .forEach(id -> ids.add(id.value()));
        return ids;
    }

    private static Path face(int ordinal) {
        return faces.resolve("img_align_celeba").resolve(FaceDataset.fileName(ordinal));
    }

    private static void assertRefused(byte[] bytes, int status, String reason) throws Exception {
        Answer answer = upload(bytes);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.mediaType()).isEqualTo("application/problem+json");
        assertThat(answer.body().get("reason").asText()).isEqualTo(reason);
    }

    private static Answer upload(Path file) throws Exception {
        return upload(Files.readAllBytes(file));
    }

    private static Answer upload(byte[] bytes) throws Exception {
        return send(
                request("/v1/images?source=test&tag.album=test").POST(HttpRequest.BodyPublishers.ofByteArray(bytes)));
    }

    private static Answer get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    private static Answer post(String path, String json) throws IOException, InterruptedException {
        return send(request(path).POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    private static Answer put(String path, String json) throws IOException, InterruptedException {
        return send(request(path).PUT(HttpRequest.BodyPublishers.ofString(json)));
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(platform.url() + path));
    }

    private static Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        return new Answer(
                response.statusCode(),
                JSON.readTree(response.body()),
                response.headers().firstValue("Content-Type").orElse(""));
    }

    private static List<JsonNode> list(JsonNode array) {
        return IntStream.range(0, array.size()).mapToObj(array::get).toList();
    }

    private static byte[] multipart(List<byte[]> files) throws IOException {
        var body = new java.io.ByteArrayOutputStream();
        for (int i = 0; i < files.size(); i++) {
            body.write(("--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + i
                            + ".jpg\"\r\nContent-Type: image/jpeg\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            body.write(files.get(i));
            body.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        body.write("--cut--\r\n".getBytes(StandardCharsets.US_ASCII));
        return body.toByteArray();
    }

    private static byte[] png(byte[] jpeg) throws IOException {
        var bytes = new java.io.ByteArrayOutputStream();
        ImageIO.write(ImageIO.read(new java.io.ByteArrayInputStream(jpeg)), "png", bytes);
        return bytes.toByteArray();
    }

    private static byte[] pngHeader(int width, int height) {
        ByteBuffer chunk = ByteBuffer.allocate(17)
                .put("IHDR".getBytes(StandardCharsets.US_ASCII))
                .putInt(width)
                .putInt(height)
                .put(new byte[] {8, 2, 0, 0, 0});
        var checksum = new CRC32();
        checksum.update(chunk.array());
        return ByteBuffer.allocate(33)
                .put(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'})
                .putInt(13)
                .put(chunk.array())
                .putInt((int) checksum.getValue())
                .array();
    }
}
