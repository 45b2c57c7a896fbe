package dev.sightline.ingest;

import dev.sightline.domain.ContentHash;
import dev.sightline.domain.ImageId;
import dev.sightline.events.ImageLabelled;
import dev.sightline.events.IndexEvent;
import dev.sightline.images.ImageLimits;
import dev.sightline.images.ImageStore;
import dev.sightline.images.ImageStoreUnavailableException;
import dev.sightline.images.RefusedImageException;
import dev.sightline.service.HttpService;
import dev.sightline.service.Problem;
import dev.sightline.service.ProblemException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.FileUpload;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The HTTP face of {@link Ingest}. */
public final class IngestRoutes {
    private static final String TAG = "tag.";
    private static final int MAX_FILES = 64;

    private final Ingest ingest;
    private final ImageStatuses statuses;
    private final ImageStore store;
    private final ImageLimits limits;

    public IngestRoutes(Ingest ingest, ImageStatuses statuses, ImageStore store, ImageLimits limits) {
        this.ingest = ingest;
        this.statuses = statuses;
        this.store = store;
        this.limits = limits;
    }

    /** @param uploads where multipart files lie while their request lasts */
    public void mount(HttpService http, Path uploads) {
        var router = http.router();
        router.post("/v1/images").handler(IngestRoutes::takeFormsForBytes);
        router.post("/v1/images")
                .handler(BodyHandler.create(uploads.toString())
                        .setBodyLimit((long) limits.maxBytes() * MAX_FILES)
                        .setDeleteUploadedFilesOnEnd(true))
                .handler(http.blocking(this::upload));
        router.get("/v1/images/:id/status").handler(http.blocking(this::status));
        router.delete("/v1/images/:id").handler(http.blocking(this::delete));
        router.put("/v1/images/:id/labels")
                .handler(BodyHandler.create(false).setBodyLimit(64 * 1024))
                .handler(http.blocking(this::label));
        router.post("/v1/feedback")
                .handler(BodyHandler.create(false).setBodyLimit(64 * 1024))
                .handler(http.blocking(this::feedback));
    }

    /** {@code curl --data-binary} says that what it sends is a form, which would then be decoded as one. */
    private static void takeFormsForBytes(RoutingContext context) {
        String type = context.request().getHeader("Content-Type");
        if (type != null && type.startsWith("application/x-www-form-urlencoded")) {
            context.request().headers().set("Content-Type", "application/octet-stream");
        }
        context.next();
    }

    private void upload(RoutingContext context) throws IOException {
        String source =
                Optional.ofNullable(context.request().getParam("source")).orElse("http");
        Map<String, String> tags = tags(context);
        if (context.fileUploads().isEmpty()) {
            Buffer body = context.body().buffer();
            JsonObject accepted = accept(body == null ? new byte[0] : body.getBytes(), source, tags);
            context.response()
                    .setStatusCode(202)
                    .putHeader("Location", accepted.getString("status"))
                    .putHeader("Content-Type", "application/json")
                    .end(accepted.encode());
        } else {
            uploadFiles(context, source, tags);
        }
    }

    /** One result a file, in order: a bad one never costs its neighbours. */
    private void uploadFiles(RoutingContext context, String source, Map<String, String> tags) throws IOException {
        List<FileUpload> files = context.fileUploads();
        if (files.size() > MAX_FILES) {
            throw new ProblemException(
                    413, "Too many files", "a request takes " + MAX_FILES + " files, not " + files.size());
        }
        var results = new JsonArray();
        int refused = 0;
        int lastStatus = 202;
        for (FileUpload file : files) {
            JsonObject result = new JsonObject().put("file", file.fileName());
            try {
                results.add(result.mergeIn(accept(Files.readAllBytes(Path.of(file.uploadedFileName())), source, tags)));
            } catch (ProblemException e) {
                refused++;
                lastStatus = e.problem().status();
                results.add(result.put("problem", e.problem().toJson()));
            }
        }
        context.response()
                .setStatusCode(refused == 0 ? 202 : refused < files.size() ? 207 : lastStatus)
                .putHeader("Content-Type", "application/json")
                .end(new JsonObject().put("images", results).encode());
    }

    private JsonObject accept(byte[] bytes, String source, Map<String, String> tags) {
        try {
            ImageId id = ingest.upload(bytes, source, tags);
            return new JsonObject().put("id", id.value()).put("status", "/v1/images/" + id + "/status");
        } catch (RefusedImageException e) {
            throw new ProblemException(refusal(e));
        } catch (IngestUnavailableException | ImageStoreUnavailableException e) {
            throw unavailable(e);
        }
    }

    private static Problem refusal(RefusedImageException refused) {
        int status = switch (refused.reason()) {
            case EMPTY -> 400;
            case TOO_MANY_BYTES -> 413;
            case UNSUPPORTED_FORMAT -> 415;
            case TOO_MANY_PIXELS, TOO_SMALL, CORRUPT -> 422;
        };
        return new Problem(
                status,
                "Image refused",
                String.valueOf(refused.getMessage()),
                Map.of("reason", refused.reason().name()));
    }

    private void status(RoutingContext context) {
        ImageId id = id(context);
        var json = new JsonObject().put("id", id.value());
        switch (statuses.latest(id).orElse(null)) {
            case IndexEvent.ImageIndexed indexed ->
                json.put("state", "searchable")
                        .put("modelVersion", indexed.version().value())
                        .put("indexedAt", indexed.indexedAt().toString());
            case IndexEvent.ImageFailed failed ->
                json.put("state", "failed").put("reason", failed.reason()).put("detail", failed.detail());
            case IndexEvent.ImageRemoved removed ->
                json.put("state", "deleted")
                        .put("removedAt", removed.removedAt().toString());
            case null -> {
                requireStored(id);
                json.put("state", "accepted");
            }
        }
        context.json(json);
    }

    private void delete(RoutingContext context) {
        ImageId id = id(context);
        if (statuses.latest(id).isEmpty()) {
            requireStored(id);
        }
        try {
            ingest.delete(id);
        } catch (IngestUnavailableException e) {
            throw unavailable(e);
        }
        context.response().setStatusCode(202).end();
    }

    private void label(RoutingContext context) {
        tell(context, id(context), attributes(context.body().asJsonObject()), "http");
    }

    private void feedback(RoutingContext context) {
        JsonObject body = context.body().asJsonObject();
        if (body == null
                || !(body.getValue("image") instanceof String image)
                || !(body.getValue("attributes") instanceof JsonObject attributes)) {
            throw new ProblemException(
                    400,
                    "No feedback",
                    "send an image and what is true of it, like {\"image\": \"ID\", \"attributes\": {\"Smiling\": false}}");
        }
        tell(context, new ImageId(image), attributes(attributes), ImageLabelled.FEEDBACK);
    }

    private void tell(RoutingContext context, ImageId id, Map<String, Boolean> attributes, String source) {
        if (statuses.latest(id).isEmpty()) {
            requireStored(id);
        }
        try {
            ingest.label(id, attributes, source);
        } catch (IngestUnavailableException e) {
            throw unavailable(e);
        }
        context.response().setStatusCode(202).end();
    }

    private static Map<String, Boolean> attributes(@Nullable JsonObject json) {
        if (json == null || json.isEmpty()) {
            throw new ProblemException(
                    400, "No labels", "send attributes and whether the image has them, like {\"Smiling\": true}");
        }
        Map<String, Boolean> attributes = new HashMap<>();
        for (Map.Entry<String, Object> entry : json) {
            if (!(entry.getValue() instanceof Boolean present)) {
                throw new ProblemException(
                        400,
                        "Invalid label",
                        "'" + entry.getKey() + "' must be true or false, not " + entry.getValue());
            }
            attributes.put(entry.getKey(), present);
        }
        return attributes;
    }

    private static ImageId id(RoutingContext context) {
        return new ImageId(context.pathParam("id"));
    }

    private void requireStored(ImageId id) {
        boolean stored;
        try {
            stored = store.contains(new ContentHash(id.value()));
        } catch (IllegalArgumentException e) {
            stored = false;
        }
        if (!stored) {
            throw new ProblemException(404, "Unknown image", "no image has the id '" + id + "'");
        }
    }

    private static Map<String, String> tags(RoutingContext context) {
        return context.queryParams().entries().stream()
                .filter(entry -> entry.getKey().startsWith(TAG))
                .collect(Collectors.toMap(
                        entry -> entry.getKey().substring(TAG.length()),
                        Map.Entry::getValue,
                        (first, second) -> first));
    }

    private static ProblemException unavailable(RuntimeException cause) {
        return new ProblemException(503, "Not now", cause.getMessage() + "; try again in a moment");
    }
}
