package dev.sightline.search;

import dev.sightline.domain.AttributeQuery;
import dev.sightline.domain.Embedding;
import dev.sightline.domain.ImageId;
import dev.sightline.domain.ModelVersion;
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
import dev.sightline.towers.QueryComposition;
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
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** The search API and the page. */
public final class SearchRoutes {
    private final ActiveModel active;
    private final VectorIndex index;
    private final ImageStore store;
    private final Consumer<AttributeQuery> asked;
    private final ExampleSearch byExample;

    /** @param asked told of every query that was answered; must not block */
    public SearchRoutes(ActiveModel active, VectorIndex index, ImageStore store, Consumer<AttributeQuery> asked) {
        this.active = active;
        this.index = index;
        this.store = store;
        this.asked = asked;
        this.byExample = new ExampleSearch(index, QueryComposition.DEFAULT);
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
        Found found = onActive(pair -> find(pair, body), pair -> findNothing(pair, body));
        if (body.like().isEmpty()) {
            asked.accept(body.query());
        }
        var answer = new JsonObject();
        body.like().ifPresent(example -> answer.put("like", example.value()));
        context.json(answer.put("modelVersion", found.version().value())
                .put("collection", found.collection())
                .put("query", body.query().toString())
                .put("tookMillis", (System.nanoTime() - start) / 1_000 / 1e3)
                .put(
                        "results",
                        new JsonArray(
                                found.hits().stream().map(SearchRoutes::result).toList())));
    }

    /** What a search found, and where. */
    private record Found(ModelVersion version, String collection, List<SearchHit> hits) {
        Found(Pair.Pinned pair, List<SearchHit> hits) {
            this(pair.version(), pair.collection(), hits);
        }
    }

    private Found find(Pair.Pinned pair, SearchBody body) {
        if (body.like().isPresent()) {
            return new Found(pair, byExample.find(pair.collection(), body, query -> embed(pair, query)));
        }
        Embedding query = embed(pair, body.query());
        List<SearchHit> hits = index.search(pair.collection(), new SearchRequest(query, body.limit(), body.filter()));
        return new Found(pair, SearchHit.rescored(hits, pair.queryTower().score(query)));
    }

    private static Found findNothing(Pair.Pinned pair, SearchBody body) {
        body.like().ifPresent(example -> {
            throw ExampleSearch.unknown(example);
        });
        return new Found(pair, List.of());
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

    /**
     * Reads on the active pair. A collection that is gone was that of a version retired so long ago that this service should
     * have known: read once more, on the pair that is active now. If that has no collection either, nothing is indexed yet.
     */
    private <T> T onActive(Function<Pair.Pinned, T> read, Function<Pair.Pinned, T> nothingIndexed) {
        try {
            return onPinned(read);
        } catch (NoSuchCollectionException first) {
            try {
                return onPinned(read);
            } catch (NoSuchCollectionException again) {
                return onPinned(nothingIndexed);
            }
        }
    }

    private <T> T onPinned(Function<Pair.Pinned, T> read) {
        try (Pair.Pinned pair = pin()) {
            return read.apply(pair);
        } catch (IndexUnavailableException e) {
            throw new ProblemException(503, "Index away", "the vector index does not answer; try again in a moment");
        }
    }

    private Pair.Pinned pin() {
        return active.pin()
                .orElseThrow(() -> new ProblemException(
                        503, "No model yet", "no model version is active yet; train one, then try again"));
    }

    private static Embedding embed(Pair.Pinned pair, AttributeQuery query) {
        try {
            return pair.queryTower().embed(query);
        } catch (UnknownAttributeException e) {
            throw new ProblemException(new Problem(
                    400,
                    "Unknown attribute",
                    String.valueOf(e.getMessage()),
                    Map.of("attribute", e.attribute(), "nearest", new JsonArray(e.nearest()))));
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
        try (Pair.Pinned pair = pin()) {
            context.json(new JsonObject()
                    .put("modelVersion", pair.version().value())
                    .put("attributes", new JsonArray(pair.schema().attributes())));
        }
    }

    private void stats(RoutingContext context) {
        if (active.version().isEmpty()) {
            context.json(new JsonObject().put("indexed", 0));
            return;
        }
        context.json(onActive(pair -> stats(pair, index.count(pair.collection())), pair -> stats(pair, 0)));
    }

    private static JsonObject stats(Pair.Pinned pair, long indexed) {
        return new JsonObject()
                .put("indexed", indexed)
                .put("modelVersion", pair.version().value());
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
        return onActive(
                        pair -> Optional.ofNullable(
                                index.fetch(pair.collection(), List.of(id)).get(id)),
                        pair -> Optional.<IndexedImage>empty())
                .orElseThrow(() ->
                        new ProblemException(404, "Unknown image", "no searchable image has the id '" + id + "'"));
    }
}
