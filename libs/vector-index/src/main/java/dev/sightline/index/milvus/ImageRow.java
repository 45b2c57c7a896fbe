package dev.sightline.index.milvus;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.sightline.domain.ContentHash;
import dev.sightline.domain.Embedding;
import dev.sightline.domain.ImageId;
import dev.sightline.domain.ImageMetadata;
import dev.sightline.index.Deletion;
import dev.sightline.index.IndexEntry;
import dev.sightline.index.IndexedImage;
import io.milvus.v2.common.DataType;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How an entry lies in Milvus. A tombstone is a row too, {@link #LIVE} false and its vector without meaning, so that a
 * deletion is one atomic upsert like any other; the price is a filter on every search.
 */
final class ImageRow {
    static final String ID = "id";
    static final String LIVE = "live";
    static final String ORDERING = "ordering";
    static final String EMBEDDING = "embedding";
    static final String SOURCE = "source";
    static final String TAGS = "tags";
    static final String UPLOADED_AT = "uploadedAt";
    private static final String CONTENT_HASH = "contentHash";
    private static final String INDEXED_AT = "indexedAt";
    private static final String WIDTH = "width";
    private static final String HEIGHT = "height";

    /** What a search answers with. */
    static final List<String> METADATA = List.of(ID, CONTENT_HASH, SOURCE, UPLOADED_AT, WIDTH, HEIGHT, TAGS);

    /** The whole entry. */
    static final List<String> ALL =
            List.of(ID, CONTENT_HASH, SOURCE, UPLOADED_AT, WIDTH, HEIGHT, TAGS, ORDERING, INDEXED_AT, EMBEDDING);

    /** Milvus counts bytes; a character has four at most. */
    private static final int MAX_ID_BYTES = 4 * ImageId.MAX_LENGTH;

    private ImageRow() {}

    static CreateCollectionReq.CollectionSchema schema(int dimension) {
        var schema = CreateCollectionReq.CollectionSchema.builder()
                .enableDynamicField(false)
                .build();
        schema.addField(AddFieldReq.builder()
                .fieldName(ID)
                .dataType(DataType.VarChar)
                .maxLength(MAX_ID_BYTES)
                .isPrimaryKey(true)
                .build());
        schema.addField(AddFieldReq.builder()
                .fieldName(EMBEDDING)
                .dataType(DataType.FloatVector)
                .dimension(dimension)
                .build());
        for (String name : List.of(ORDERING, UPLOADED_AT, INDEXED_AT, WIDTH, HEIGHT)) {
            schema.addField(AddFieldReq.builder()
                    .fieldName(name)
                    .dataType(DataType.Int64)
                    .build());
        }
        schema.addField(
                AddFieldReq.builder().fieldName(LIVE).dataType(DataType.Bool).build());
        for (String name : List.of(CONTENT_HASH, SOURCE)) {
            schema.addField(AddFieldReq.builder()
                    .fieldName(name)
                    .dataType(DataType.VarChar)
                    .maxLength(1024)
                    .build());
        }
        schema.addField(
                AddFieldReq.builder().fieldName(TAGS).dataType(DataType.JSON).build());
        return schema;
    }

    static JsonObject live(IndexedImage image) {
        ImageMetadata metadata = image.metadata();
        JsonObject row =
                row(image.id(), image.ordering(), true, image.embedding().toArray());
        row.addProperty(CONTENT_HASH, image.contentHash().hex());
        row.addProperty(SOURCE, metadata.source());
        row.addProperty(UPLOADED_AT, metadata.uploadedAt().toEpochMilli());
        row.addProperty(INDEXED_AT, image.indexedAt().toEpochMilli());
        row.addProperty(WIDTH, metadata.width());
        row.addProperty(HEIGHT, metadata.height());
        var tags = new JsonObject();
        metadata.tags().forEach(tags::addProperty);
        row.add(TAGS, tags);
        return row;
    }

    static JsonObject tombstone(Deletion deletion, int dimension) {
        float[] anywhere = new float[dimension];
        anywhere[0] = 1;
        JsonObject row = row(deletion.id(), deletion.ordering(), false, anywhere);
        for (String text : List.of(CONTENT_HASH, SOURCE)) {
            row.addProperty(text, "");
        }
        for (String number : List.of(UPLOADED_AT, INDEXED_AT, WIDTH, HEIGHT)) {
            row.addProperty(number, 0);
        }
        row.add(TAGS, new JsonObject());
        return row;
    }

    private static JsonObject row(ImageId id, long ordering, boolean live, float[] vector) {
        var row = new JsonObject();
        row.addProperty(ID, id.value());
        row.addProperty(ORDERING, ordering);
        row.addProperty(LIVE, live);
        var values = new com.google.gson.JsonArray(vector.length);
        for (float value : vector) {
            values.add(value);
        }
        row.add(EMBEDDING, values);
        return row;
    }

    static ImageId id(Map<String, Object> row) {
        return new ImageId(text(row, ID));
    }

    static IndexEntry entry(Map<String, Object> row) {
        return new IndexEntry(id(row), ordering(row), Boolean.TRUE.equals(row.get(LIVE)));
    }

    static ContentHash contentHash(Map<String, Object> row) {
        return new ContentHash(text(row, CONTENT_HASH));
    }

    static long ordering(Map<String, Object> row) {
        return number(row, ORDERING);
    }

    static ImageMetadata metadata(Map<String, Object> row) {
        Map<String, String> tags = new HashMap<>();
        if (row.get(TAGS) instanceof JsonObject json) {
            for (Map.Entry<String, JsonElement> tag : json.entrySet()) {
                tags.put(tag.getKey(), tag.getValue().getAsString());
            }
        }
        return new ImageMetadata(
                text(row, SOURCE),
                Instant.ofEpochMilli(number(row, UPLOADED_AT)),
                (int) number(row, WIDTH),
                (int) number(row, HEIGHT),
                tags);
    }

    static IndexedImage image(Map<String, Object> row) {
        List<?> values = (List<?>) Objects.requireNonNull(row.get(EMBEDDING), "Milvus left out the embedding");
        float[] vector = new float[values.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = ((Number) values.get(i)).floatValue();
        }
        return new IndexedImage(
                id(row),
                contentHash(row),
                Embedding.ofUnit(vector),
                ordering(row),
                metadata(row),
                Instant.ofEpochMilli(number(row, INDEXED_AT)));
    }

    /** A text as a filter expression has it. */
    static String quoted(String text) {
        return new JsonPrimitive(text).toString();
    }

    private static String text(Map<String, Object> row, String field) {
        return String.valueOf(row.get(field));
    }

    private static long number(Map<String, Object> row, String field) {
        return row.get(field) instanceof Number number ? number.longValue() : 0;
    }
}
