package dev.sightline.service;

import io.vertx.core.json.JsonObject;
import java.util.Map;

/**
 * What went wrong, as RFC 9457 has it.
 *
 * @param title of the kind of problem
 * @param detail of this occurrence: the thing, the value, the way out
 * @param extra further members
 */
public record Problem(int status, String title, String detail, Map<String, Object> extra) {
    public static final String MEDIA_TYPE = "application/problem+json";

    public Problem {
        extra = Map.copyOf(extra);
    }

    public Problem(int status, String title, String detail) {
        this(status, title, detail, Map.of());
    }

    public JsonObject toJson() {
        var json = new JsonObject().put("title", title).put("status", status).put("detail", detail);
        extra.forEach(json::put);
        return json;
    }
}
