package dev.sightline.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sightline.domain.AttributeQuery;
import dev.sightline.domain.ImageId;
import dev.sightline.domain.Label;
import dev.sightline.images.RefusedImageException;
import dev.sightline.standalone.Platform;
import dev.sightline.trainer.dataset.Example;
import dev.sightline.trainer.dataset.Photo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import me.tongfei.progressbar.ProgressBar;

/**
 * The held-out images after they went through Kafka, and a searcher over just them that asks the running search service.
 */
public final class StreamedGallery {
    private static final String SOURCE = "demo";
    private static final int UPLOADS_AT_ONCE = 16;
    private static final int PAGE = 500;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Platform platform;
    private final List<ImageId> ids;
    private final List<Example> examples;
    private final Map<ImageId, Integer> ordinals = new LinkedHashMap<>();
    private final HttpClient client = HttpClient.newHttpClient();

    private StreamedGallery(Platform platform, Map<ImageId, Example> uploaded) {
        this.platform = platform;
        this.ids = List.copyOf(uploaded.keySet());
        this.examples = List.copyOf(uploaded.values());
        for (int i = 0; i < ids.size(); i++) {
            ordinals.put(ids.get(i), i);
        }
    }

    /** Uploads every image and waits until each is searchable; those that already are, are not embedded again. */
    public static StreamedGallery stream(Platform platform, List<Example> examples) throws InterruptedException {
        Map<ImageId, Example> uploaded = new LinkedHashMap<>();
        try (var uploads = Executors.newFixedThreadPool(
                        UPLOADS_AT_ONCE, Thread.ofVirtual().factory());
                var bar = new ProgressBar("Streaming", examples.size())) {
            List<Callable<ImageId>> tasks = examples.stream()
                    .<Callable<ImageId>>map(example -> () -> upload(platform, example.photo()))
                    .toList();
            List<Future<ImageId>> results = uploads.invokeAll(tasks);
            for (int i = 0; i < results.size(); i++) {
                uploaded.put(results.get(i).get(), examples.get(i));
            }
            var gallery = new StreamedGallery(platform, uploaded);
            bar.maxHint(uploaded.size());
            while (gallery.searchable() < uploaded.size()) {
                bar.stepTo(gallery.searchable());
                Thread.sleep(200);
            }
            bar.stepTo(uploaded.size());
            return gallery;
        } catch (ExecutionException e) {
            throw new IllegalStateException("an upload failed: " + e.getCause(), e);
        }
    }

    private static ImageId upload(Platform platform, Photo photo) throws IOException, RefusedImageException {
        byte[] bytes = photo.read();
        var id = ImageId.of(dev.sightline.domain.ContentHash.of(bytes));
        String collection = platform.activeCollection().orElseThrow();
        if (platform.index().fetch(collection, List.of(id)).isEmpty()) {
            return platform.ingest().upload(bytes, SOURCE, Map.of("file", photo.name()));
        }
        return id;
    }

    /** Distinct images accepted. */
    public int accepted() {
        return ids.size();
    }

    /** How many of them the active collection holds, counted by id. */
    public int searchable() {
        String collection = platform.activeCollection().orElseThrow();
        int found = 0;
        for (int from = 0; from < ids.size(); from += PAGE) {
            found += platform.index()
                    .fetch(collection, ids.subList(from, Math.min(from + PAGE, ids.size())))
                    .size();
        }
        return found;
    }

    /** What is known of each image, in order. */
    public List<Label> labels() {
        return examples.stream().map(Example::label).toList();
    }

    /** The ordinals of the first ten images the search service finds, best first. */
    public List<Integer> search(AttributeQuery query) {
        var body = JSON.createObjectNode();
        body.set("require", JSON.valueToTree(query.require()));
        body.set("exclude", JSON.valueToTree(query.exclude()));
        body.put("limit", 10);
        body.putObject("filter").putArray("source").add(SOURCE);
        try {
            HttpResponse<byte[]> response = client.send(
                    HttpRequest.newBuilder(URI.create(platform.url() + "/v1/search"))
                            .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            JsonNode answer = JSON.readTree(response.body());
            if (response.statusCode() != 200) {
                throw new IllegalStateException(
                        "the search failed: " + answer.path("detail").asText());
            }
            List<Integer> found = new ArrayList<>();
            for (JsonNode result : answer.get("results")) {
                Integer ordinal = ordinals.get(new ImageId(result.get("id").asText()));
                if (ordinal != null) {
                    found.add(ordinal);
                }
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException("the search service does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while searching", e);
        }
    }

    Photo photo(int ordinal) {
        return examples.get(ordinal).photo();
    }
}
