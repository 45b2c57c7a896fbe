package dev.sightline.search;

import dev.sightline.domain.AttributeQuery;
import dev.sightline.domain.ImageId;
import dev.sightline.index.MetadataFilter;
import dev.sightline.index.SearchRequest;
import dev.sightline.service.ProblemException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A search as it is sent, checked field by field.
 *
 * @param query what results must have and must not have; may be empty where there is an example
 * @param like the image results are to be like, in everything that {@code query} leaves open
 */
record SearchBody(AttributeQuery query, Optional<ImageId> like, int limit, MetadataFilter filter) {
    private static final int DEFAULT_LIMIT = 20;
    private static final Set<String> FIELDS = Set.of("require", "exclude", "like", "limit", "filter");
    private static final Set<String> FILTER_FIELDS = Set.of("source", "tags", "uploadedFrom", "uploadedBefore");

    /** @throws ProblemException naming the field, its value and what is allowed */
    static SearchBody read(JsonObject json) {
        refuseUnknown(json, FIELDS);
        AttributeQuery query;
        try {
            query = AttributeQuery.of(texts(json, "require"), texts(json, "exclude"));
        } catch (IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
        Optional<ImageId> like = like(json);
        if (query.size() == 0 && like.isEmpty()) {
            throw invalid("ask for at least one attribute in 'require' or 'exclude' (GET /v1/attributes lists them), or"
                    + " give the id of an image in 'like'");
        }
        return new SearchBody(query, like, limit(json), filter(json));
    }

    private static Optional<ImageId> like(JsonObject json) {
        Object value = json.getValue("like");
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof String id)) {
            throw invalid("'like' must be the id of an image, not " + value);
        }
        try {
            return Optional.of(new ImageId(id));
        } catch (IllegalArgumentException e) {
            throw invalid("'like' must be the id of an image: " + e.getMessage());
        }
    }

    private static int limit(JsonObject json) {
        Object limit = json.getValue("limit", DEFAULT_LIMIT);
        if (!(limit instanceof Number number)
                || number.doubleValue() != number.longValue()
                || number.longValue() < 1
                || number.longValue() > SearchRequest.MAX_TOP_K) {
            throw invalid("'limit' must be a whole number from 1 to " + SearchRequest.MAX_TOP_K + ", not " + limit);
        }
        return number.intValue();
    }

    private static MetadataFilter filter(JsonObject json) {
        Object value = json.getValue("filter");
        if (value == null) {
            return MetadataFilter.ANY;
        }
        if (!(value instanceof JsonObject filter)) {
            throw invalid("'filter' must be an object");
        }
        refuseUnknown(filter, FILTER_FIELDS);
        return new MetadataFilter(
                texts(filter, "source"),
                tags(filter),
                instant(filter, "uploadedFrom"),
                instant(filter, "uploadedBefore"));
    }

    private static Map<String, String> tags(JsonObject filter) {
        Object value = filter.getValue("tags", new JsonObject());
        if (!(value instanceof JsonObject object)) {
            throw invalid("'tags' must be an object of texts");
        }
        Map<String, String> tags = new LinkedHashMap<>();
        for (Map.Entry<String, Object> entry : object) {
            if (!(entry.getValue() instanceof String text)) {
                throw invalid("tag '" + entry.getKey() + "' must be a text");
            }
            tags.put(entry.getKey(), text);
        }
        return tags;
    }

    private static Optional<Instant> instant(JsonObject filter, String field) {
        Object value = filter.getValue(field);
        if (value == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.parse(value.toString()));
        } catch (DateTimeException e) {
            throw invalid("'" + field + "' must be a time like 2026-11-24T12:00:00Z, not '" + value + "'");
        }
    }

    private static List<String> texts(JsonObject json, String field) {
        Object value = json.getValue(field, new JsonArray());
        if (!(value instanceof JsonArray array)) {
            throw invalid("'" + field + "' must be a list of texts");
        }
        List<String> texts = new ArrayList<>();
        for (Object element : array) {
            if (!(element instanceof String text)) {
                throw invalid("'" + field + "' must be a list of texts, but holds " + element);
            }
            texts.add(text);
        }
        return texts;
    }

    private static void refuseUnknown(JsonObject json, Set<String> known) {
        for (String field : json.fieldNames()) {
            if (!known.contains(field)) {
                throw invalid("unknown field '" + field + "'; known are "
                        + known.stream().sorted().toList());
            }
        }
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(400, "Invalid search", detail);
    }
}
