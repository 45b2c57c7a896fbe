package dev.sightline.search;

import dev.sightline.domain.Embedding;
import dev.sightline.domain.ImageId;
import dev.sightline.domain.UnknownAttributeException;
import dev.sightline.images.ImageFormat;
import dev.sightline.images.ImageStore;
import dev.sightline.index.IndexUnavailableException;
import dev.sightline.index.IndexedImage;
import dev.sightline.index.NoSuchCollectionException;
import dev.sightline.index.SearchHit;
import dev.sightline.index.SearchRequest;
import dev.sightline.index.VectorIndex;
import dev.sightline.service.HttpService;
import dev.sightline.service.Problem;
import dev.sightline.service.ProblemException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.StaticHandler;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The search API and the page. */
public final class SearchRoutes {
    private final ActiveModel active;
    private final VectorIndex index;
    private final ImageStore store;

    public SearchRoutes(ActiveModel active, VectorIndex index, ImageStore store) {
        this.active = active;
        this.index = index;
        this.store = store;
    }

    public void mount(HttpService http) {
        var router = http.router();
        router.post("/v1/search")
                .handler(BodyHandler.create(false).setBodyLimit(64 * 1024))
                .handler(http.blocking(this::search));
        router.get("/v1/attributes").handler(http.blocking(this::attributes));
        router.get("/v1/stats").handler(http.blocking(this::stats));
        router.get("/v1/images/:id").handler(http.blocking(this::image));
        router.get().handler(StaticHandler.create("dev/sightline/search/page").setCachingEnabled(false));
    }

    /** Read → pin the active pair → embed the query → nearest images → answer. */
    private void search(RoutingContext context) {
        long start = System.nanoTime();
        SearchBody body = SearchBody.read(json(context));
        ActiveModel.Pair pair = pin();
        Embedding query = embed(pair, body);
        List<SearchHit> hits = nearest(pair, new SearchRequest(query, body.limit(), body.filter()));
        context.json(new JsonObject()
                .put("modelVersion", pair.version().value())
                .put("query", body.query().toString())
                .put("tookMillis", (System.nanoTime() - start) / 1_000 / 1e3)
                .put(
                        "results",
                        new JsonArray(hits.stream().map(SearchRoutes::result).toList())));
    }

    private static JsonObject json(RoutingContext context) {
        JsonObject body;
        try {
            body = context.body().asJsonObject();
        } catch (ClassCastException e) {
            body = null;
        }
        if (body == null) {
            throw new ProblemException(
                    400, "Invalid search", "send a JSON object like {\"require\": [\"Smiling\"], \"limit\": 20}");
        }
        return body;
    }

    private ActiveModel.Pair pin() {
        return active.current()
                .orElseThrow(() -> new ProblemException(
                        503, "No model yet", "no model version is active yet; train one, then try again"));
    }

    private static Embedding embed(ActiveModel.Pair pair, SearchBody body) {
        try {
            return pair.queryTower().embed(body.query());
        } catch (UnknownAttributeException e) {
            throw new ProblemException(new Problem(
                    400,
                    "Unknown attribute",
                    String.valueOf(e.getMessage()),
                    Map.of("attribute", e.attribute(), "nearest", new JsonArray(e.nearest()))));
        }
    }

    private List<SearchHit> nearest(ActiveModel.Pair pair, SearchRequest request) {
        try {
            return index.search(pair.collection(), request);
        } catch (IndexUnavailableException e) {
            throw unavailable();
        } catch (NoSuchCollectionException e) {
            // The embed worker makes the collection; until its first write nothing is indexed.
            return List.of();
        }
    }

    private static JsonObject result(SearchHit hit) {
        var tags = new JsonObject();
        hit.metadata().tags().forEach(tags::put);
        return new JsonObject()
                .put("id", hit.id().value())
                .put("score", hit.score())
                .put(
                        "imageUrl",
                        "/v1/images/"
                                + URLEncoder.encode(hit.id().value(), StandardCharsets.UTF_8)
                                        .replace("+", "%20"))
                .put("source", hit.metadata().source())
                .put("uploadedAt", hit.metadata().uploadedAt().toString())
                .put("width", hit.metadata().width())
                .put("height", hit.metadata().height())
                .put("tags", tags);
    }

    private void attributes(RoutingContext context) {
        ActiveModel.Pair pair = pin();
        context.json(new JsonObject()
                .put("modelVersion", pair.version().value())
                .put("attributes", new JsonArray(pair.schema().attributes())));
    }

    private void stats(RoutingContext context) {
        var stats = new JsonObject().put("indexed", 0);
        active.current().ifPresent(pair -> {
            stats.put("modelVersion", pair.version().value());
            try {
                stats.put("indexed", index.count(pair.collection()));
            } catch (NoSuchCollectionException e) {
                stats.put("indexed", 0);
            } catch (IndexUnavailableException e) {
                throw unavailable();
            }
        });
        context.json(stats);
    }

    private void image(RoutingContext context) {
        ImageId id = new ImageId(context.pathParam("id"));
        IndexedImage image = find(id);
        byte[] bytes = store.get(image.contentHash())
                .orElseThrow(
                        () -> new ProblemException(404, "Unknown image", "the bytes of image '" + id + "' are gone"));
        String etag = "\"" + image.contentHash() + "\"";
        context.response().putHeader("ETag", etag).putHeader("Cache-Control", "private, max-age=3600");
        if (etag.equals(context.request().getHeader("If-None-Match"))) {
            context.response().setStatusCode(304).end();
            return;
        }
        String mediaType = ImageFormat.sniff(bytes).map(ImageFormat::mediaType).orElse("application/octet-stream");
        context.response()
                .putHeader("Content-Type", mediaType)
                .putHeader("X-Content-Type-Options", "nosniff")
                .end(Buffer.buffer(bytes));
    }

    private IndexedImage find(ImageId id) {
        IndexedImage image;
        try {
            image = index.fetch(pin().collection(), List.of(id)).get(id);
        } catch (NoSuchCollectionException e) {
            image = null;
        } catch (IndexUnavailableException e) {
            throw unavailable();
        }
        if (image == null) {
            throw new ProblemException(404, "Unknown image", "no searchable image has the id '" + id + "'");
        }
        return image;
    }

    private static ProblemException unavailable() {
        return new ProblemException(503, "Index away", "the vector index does not answer; try again in a moment");
    }
}
