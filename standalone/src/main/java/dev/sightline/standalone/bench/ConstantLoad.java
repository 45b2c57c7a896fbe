package dev.sightline.standalone.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sightline.domain.ContentHash;
import dev.sightline.domain.ImageId;
import dev.sightline.domain.ModelVersion;
import dev.sightline.faces.FaceDataset;
import dev.sightline.index.NoSuchCollectionException;
import dev.sightline.standalone.Platform;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Searches and uploads that never pause, over HTTP, and what became of them. */
final class ConstantLoad implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SEARCHERS = 4;
    private static final String SEARCH = "{\"require\":[\"" + Untrained.ATTRIBUTE + "\"],\"limit\":20}";

    private final Platform platform;
    private final Path faces;
    private final long searchEveryNanos;
    private final long uploadEveryNanos;
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong searches = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong mixed = new AtomicLong();
    private final Queue<Long> freshness = new ConcurrentLinkedQueue<>();
    private volatile String lastVersion = "";
    private volatile boolean stopping;

    ConstantLoad(Platform platform, Path faces, double searchesPerSecond, double uploadsPerSecond) {
        this.platform = platform;
        this.faces = faces;
        this.searchEveryNanos = (long) (SEARCHERS * 1e9 / searchesPerSecond);
        this.uploadEveryNanos = (long) (1e9 / uploadsPerSecond);
    }

    /** What happened while something was going on. @param fresh milliseconds from the 202 to being found, ascending */
    record Phase(String name, double seconds, long searches, long failed, long mixed, List<Long> fresh) {
        int uploads() {
            return fresh.size();
        }

        long freshnessMillis(double quantile) {
            return fresh.isEmpty() ? 0 : fresh.get((int) Math.min(fresh.size() - 1, quantile * fresh.size()));
        }

        Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("phase", name);
            map.put("seconds", seconds);
            map.put("searches", searches);
            map.put("failed", failed);
            map.put("mixed", mixed);
            map.put("uploads", uploads());
            map.put("freshnessP50Millis", freshnessMillis(0.5));
            map.put("freshnessP99Millis", freshnessMillis(0.99));
            return map;
        }
    }

    interface Activity {
        void run() throws InterruptedException;
    }

    ModelVersion version(String name) {
        return new ModelVersion(name);
    }

    /** Uploads the first images and waits until they are found. */
    void prepare(int images) throws IOException, InterruptedException {
        for (int i = 0; i < images; i++) {
            upload(i);
        }
        String collection = platform.activeCollection().orElseThrow();
        while (platform.index().count(collection) < images) {
            Thread.sleep(200);
        }
    }

    /** @param first the ordinal of the first image that has not been uploaded yet */
    void start(int first) {
        for (int i = 0; i < SEARCHERS; i++) {
            threads.add(Thread.ofPlatform().name("searcher-" + i).start(this::searchSteadily));
        }
        threads.add(Thread.ofPlatform().name("uploader").start(() -> uploadSteadily(first)));
    }

    /** Counts what happens during an activity. */
    Phase phase(String name, Activity activity) throws InterruptedException {
        long searchesBefore = searches.get();
        long failedBefore = failed.get();
        long mixedBefore = mixed.get();
        freshness.clear();
        long start = System.nanoTime();
        activity.run();
        return new Phase(
                name,
                (System.nanoTime() - start) / 1e9,
                searches.get() - searchesBefore,
                failed.get() - failedBefore,
                mixed.get() - mixedBefore,
                freshness.stream().sorted().toList());
    }

    void awaitSearched(String version) throws InterruptedException {
        while (!lastVersion.equals(version)) {
            Thread.sleep(1);
        }
    }

    private void searchSteadily() {
        long next = System.nanoTime();
        while (!stopping) {
            next += searchEveryNanos;
            try {
                sleepUntil(next);
                search();
            } catch (IOException e) {
                failed.incrementAndGet();
            } catch (InterruptedException e) {
                return;
            }
            searches.incrementAndGet();
        }
    }

    private void search() throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(URI.create(platform.url() + "/v1/search"))
                        .POST(HttpRequest.BodyPublishers.ofString(SEARCH))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        JsonNode answer = JSON.readTree(response.body());
        String version = answer.path("modelVersion").asText();
        if (response.statusCode() != 200 || answer.path("results").size() != 20) {
            failed.incrementAndGet();
        } else if (!answer.path("collection").asText().endsWith("_" + version)) {
            mixed.incrementAndGet();
        }
        lastVersion = version;
    }

    private void uploadSteadily(int first) {
        long next = System.nanoTime();
        for (int i = first; !stopping && Files.exists(face(i)); i++) {
            next += uploadEveryNanos;
            try {
                sleepUntil(next);
                ImageId id = upload(i);
                long acknowledged = System.nanoTime();
                Thread.ofVirtual().start(() -> awaitFound(id, acknowledged));
            } catch (IOException e) {
                failed.incrementAndGet();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static void sleepUntil(long nanoTime) throws InterruptedException {
        Thread.sleep(Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime())));
    }

    private void awaitFound(ImageId id, long acknowledged) {
        try {
            while (!isFound(id)) {
                Thread.sleep(2);
            }
            freshness.add((System.nanoTime() - acknowledged) / 1_000_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isFound(ImageId id) {
        Optional<String> collection = platform.activeCollection();
        try {
            return collection.isPresent()
                    && !platform.index().fetch(collection.get(), List.of(id)).isEmpty();
        } catch (NoSuchCollectionException e) {
            return false;
        }
    }

    private ImageId upload(int ordinal) throws IOException, InterruptedException {
        byte[] bytes = Files.readAllBytes(face(ordinal));
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(URI.create(platform.url() + "/v1/images"))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(bytes))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 202) {
            throw new IOException(response.statusCode() + " " + response.body());
        }
        return ImageId.of(ContentHash.of(bytes));
    }

    private Path face(int ordinal) {
        return faces.resolve(FaceDataset.fileName(ordinal));
    }

    @Override
    public void close() throws InterruptedException {
        stopping = true;
        for (Thread thread : threads) {
            thread.interrupt();
            thread.join();
        }
    }
}
