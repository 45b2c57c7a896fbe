package dev.sightline.index.lucene;

import dev.sightline.domain.ContentHash;
import dev.sightline.domain.Embedding;
import dev.sightline.domain.ImageId;
import dev.sightline.domain.ImageMetadata;
import dev.sightline.index.Deletion;
import dev.sightline.index.IndexEntry;
import dev.sightline.index.IndexedImage;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.VectorSimilarityFunction;

/**
 * How an entry lies in Lucene. A live image has its id in {@link #LIVE} too; a tombstone has only {@link #ID} and
 * {@link #ORDERING}.
 */
final class ImageDocument {
    static final String ID = "id";
    static final String LIVE = "live";
    static final String ORDERING = "ordering";
    static final String EMBEDDING = "embedding";
    static final String SOURCE = "source";
    static final String TAG = "tag";
    static final String UPLOADED_AT = "uploadedAt";
    private static final String CONTENT_HASH = "contentHash";
    static final Set<String> ENTRY_FIELDS = Set.of(ORDERING, CONTENT_HASH);
    private static final String INDEXED_AT = "indexedAt";
    private static final String UPLOADED_AT_STORED = "uploadedAtStored";
    private static final String WIDTH = "width";
    private static final String HEIGHT = "height";
    private static final char TAG_SEPARATOR = '\0';

    private ImageDocument() {}

    static Document live(IndexedImage image) {
        ImageMetadata metadata = image.metadata();
        var document = new Document();
        document.add(new StringField(ID, image.id().value(), Field.Store.YES));
        document.add(new StringField(LIVE, image.id().value(), Field.Store.NO));
        document.add(new StoredField(ORDERING, image.ordering()));
        document.add(
                new KnnFloatVectorField(EMBEDDING, image.embedding().toArray(), VectorSimilarityFunction.DOT_PRODUCT));
        document.add(new StringField(SOURCE, metadata.source(), Field.Store.YES));
        document.add(new LongPoint(UPLOADED_AT, metadata.uploadedAt().toEpochMilli()));
        document.add(new StoredField(UPLOADED_AT_STORED, metadata.uploadedAt().toEpochMilli()));
        document.add(new StoredField(CONTENT_HASH, image.contentHash().hex()));
        document.add(new StoredField(INDEXED_AT, image.indexedAt().toEpochMilli()));
        document.add(new StoredField(WIDTH, metadata.width()));
        document.add(new StoredField(HEIGHT, metadata.height()));
        metadata.tags().forEach((key, value) -> document.add(new StringField(TAG, tag(key, value), Field.Store.YES)));
        return document;
    }

    static Document tombstone(Deletion deletion) {
        var document = new Document();
        document.add(new StringField(ID, deletion.id().value(), Field.Store.YES));
        document.add(new StoredField(ORDERING, deletion.ordering()));
        return document;
    }

    static String tag(String key, String value) {
        return key + TAG_SEPARATOR + value;
    }

    /** From {@link #ENTRY_FIELDS}: only a live image has content. */
    static IndexEntry entry(ImageId id, Document document) {
        return new IndexEntry(id, ordering(document), document.getField(CONTENT_HASH) != null);
    }

    static ImageId id(Document document) {
        return new ImageId(document.get(ID));
    }

    static ContentHash contentHash(Document document) {
        return new ContentHash(document.get(CONTENT_HASH));
    }

    static long ordering(Document document) {
        return number(document, ORDERING);
    }

    static ImageMetadata metadata(Document document) {
        Map<String, String> tags = new HashMap<>();
        for (String tag : document.getValues(TAG)) {
            int separator = tag.indexOf(TAG_SEPARATOR);
            tags.put(tag.substring(0, separator), tag.substring(separator + 1));
        }
        return new ImageMetadata(
                document.get(SOURCE),
                Instant.ofEpochMilli(number(document, UPLOADED_AT_STORED)),
                (int) number(document, WIDTH),
                (int) number(document, HEIGHT),
                tags);
    }

    static IndexedImage image(Document document, Embedding embedding) {
        return new IndexedImage(
                id(document),
                contentHash(document),
                embedding,
                ordering(document),
                metadata(document),
                Instant.ofEpochMilli(number(document, INDEXED_AT)));
    }

    private static long number(Document document, String field) {
        return document.getField(field).numericValue().longValue();
    }
}
