package dev.sightline.index.milvus;

import com.google.gson.JsonObject;
import dev.sightline.domain.ImageId;
import dev.sightline.index.Deletion;
import dev.sightline.index.IndexEntry;
import dev.sightline.index.IndexedImage;
import dev.sightline.index.NoSuchCollectionException;
import dev.sightline.index.SearchHit;
import dev.sightline.index.SearchRequest;
import dev.sightline.index.VectorIndex;
import dev.sightline.index.WriteOutcome;
import io.milvus.v2.common.ConsistencyLevel;
import io.milvus.v2.common.IndexParam;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.milvus.v2.service.collection.request.DescribeCollectionReq;
import io.milvus.v2.service.collection.request.DropCollectionReq;
import io.milvus.v2.service.collection.request.HasCollectionReq;
import io.milvus.v2.service.vector.request.QueryReq;
import io.milvus.v2.service.vector.request.SearchReq;
import io.milvus.v2.service.vector.request.UpsertReq;
import io.milvus.v2.service.vector.request.data.FloatVec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Collections on a Milvus server. Reads by id, counts and orderings are strongly consistent; searches are bounded by
 * default (see {@link MilvusSettings#strongSearch}).
 *
 * <p>An ordering is read before it is written. Within this process writers of one collection take turns; across processes
 * the order holds because an image's events are all in one Kafka partition, and a partition has one consumer.
 */
public final class MilvusVectorIndex implements VectorIndex {
    private static final Map<String, Object> HNSW = Map.of("M", 16, "efConstruction", 200);
    private static final int MIN_EF = 100;

    /** Ends a page where one segment's rows end, rather than skip rows that this segment still has. */
    private static final Map<String, Object> IN_KEY_ORDER = Map.of("reduce_stop_for_best", "true");

    private final MilvusConnection connection;
    private final MilvusAliases aliases;
    private final ConsistencyLevel searchConsistency;
    private final Map<String, Integer> dimensions = new ConcurrentHashMap<>();
    private final Map<String, Object> writers = new ConcurrentHashMap<>();

    private MilvusVectorIndex(MilvusConnection connection, ConsistencyLevel searchConsistency) {
        this.connection = connection;
        this.aliases = new MilvusAliases(connection);
        this.searchConsistency = searchConsistency;
    }

    /** @throws dev.sightline.index.IndexUnavailableException if no Milvus answers there */
    public static MilvusVectorIndex connect(MilvusSettings settings) {
        return new MilvusVectorIndex(
                MilvusConnection.open(settings),
                settings.strongSearch() ? ConsistencyLevel.STRONG : ConsistencyLevel.BOUNDED);
    }

    @Override
    public void createCollection(String collection, int dimension) {
        if (exists(collection)) {
            int existing = dimension(collection);
            if (existing != dimension) {
                throw new IllegalArgumentException(
                        "collection '" + collection + "' exists with " + existing + " dimensions, not " + dimension);
            }
            return;
        }
        var index = IndexParam.builder()
                .fieldName(ImageRow.EMBEDDING)
                .indexType(IndexParam.IndexType.HNSW)
                .metricType(IndexParam.MetricType.IP)
                .extraParams(HNSW)
                .build();
        connection.run(
                "create collection '" + collection + "'",
                client -> client.createCollection(CreateCollectionReq.builder()
                        .collectionName(collection)
                        .collectionSchema(ImageRow.schema(dimension))
                        .indexParams(List.of(index))
                        .consistencyLevel(ConsistencyLevel.BOUNDED)
                        .build()));
    }

    @Override
    public List<String> collections() {
        return connection.call(
                "list collections", client -> client.listCollections().getCollectionNames());
    }

    @Override
    public List<WriteOutcome> upsert(String collection, List<IndexedImage> batch) {
        int dimension = dimension(collection);
        for (IndexedImage image : batch) {
            requireDimension(dimension, image.embedding().dimension());
        }
        return write(collection, batch, IndexedImage::id, IndexedImage::ordering, ImageRow::live);
    }

    @Override
    public List<WriteOutcome> delete(String collection, List<Deletion> batch) {
        int dimension = dimension(collection);
        return write(
                collection,
                batch,
                Deletion::id,
                Deletion::ordering,
                deletion -> ImageRow.tombstone(deletion, dimension));
    }

    /** Of each image only the newest write of the batch is sent, and only if it is not older than what is there. */
    private <W> List<WriteOutcome> write(
            String collection,
            List<W> batch,
            Function<W, ImageId> id,
            Function<W, Long> ordering,
            Function<W, JsonObject> row) {
        if (batch.isEmpty()) {
            return List.of();
        }
        synchronized (writers.computeIfAbsent(collection, any -> new Object())) {
            Map<ImageId, Long> known =
                    orderings(collection, batch.stream().map(id).distinct().toList());
            Map<ImageId, JsonObject> newest = new LinkedHashMap<>();
            List<WriteOutcome> outcomes = new ArrayList<>(batch.size());
            for (W write : batch) {
                boolean stale = known.getOrDefault(id.apply(write), Long.MIN_VALUE) > ordering.apply(write);
                outcomes.add(stale ? WriteOutcome.STALE : WriteOutcome.WRITTEN);
                if (!stale) {
                    known.put(id.apply(write), ordering.apply(write));
                    newest.put(id.apply(write), row.apply(write));
                }
            }
            if (!newest.isEmpty()) {
                connection.run(
                        "write to '" + collection + "'",
                        client -> client.upsert(UpsertReq.builder()
                                .collectionName(collection)
                                .data(List.copyOf(newest.values()))
                                .build()));
            }
            return outcomes;
        }
    }

    private Map<ImageId, Long> orderings(String collection, List<ImageId> ids) {
        Map<ImageId, Long> orderings = new HashMap<>();
        for (Map<String, Object> row :
                query(collection, RowFilter.in(ids), List.of(ImageRow.ID, ImageRow.ORDERING), ids.size())) {
            orderings.put(ImageRow.id(row), ImageRow.ordering(row));
        }
        return orderings;
    }

    @Override
    public List<SearchHit> search(String collection, SearchRequest request) {
        requireDimension(dimension(collection), request.query().dimension());
        var search = SearchReq.builder()
                .collectionName(collection)
                .annsField(ImageRow.EMBEDDING)
                .data(List.of(new FloatVec(request.query().toArray())))
                .limit(request.topK())
                .filter(RowFilter.matching(request.filter()))
                .searchParams(Map.of("ef", Math.max(MIN_EF, 2 * request.topK())))
                .outputFields(ImageRow.METADATA)
                .consistencyLevel(searchConsistency)
                .build();
        return connection
                .call(
                        "search '" + collection + "'",
                        client -> client.search(search).getSearchResults())
                .getFirst()
                .stream()
                .map(result -> new SearchHit(
                        ImageRow.id(result.getEntity()),
                        ImageRow.contentHash(result.getEntity()),
                        result.getScore(),
                        ImageRow.metadata(result.getEntity())))
                .toList();
    }

    @Override
    public Map<ImageId, IndexedImage> fetch(String collection, Collection<ImageId> ids) {
        Map<ImageId, IndexedImage> found = new HashMap<>();
        if (ids.isEmpty()) {
            requireExists(collection);
            return found;
        }
        for (Map<String, Object> row : query(collection, RowFilter.live(ids), ImageRow.ALL, ids.size())) {
            found.put(ImageRow.id(row), ImageRow.image(row));
        }
        return found;
    }

    @Override
    public List<ImageId> ids(String collection, Optional<ImageId> after, int limit) {
        return page(collection, after, limit, RowFilter.LIVE, List.of(ImageRow.ID)).stream()
                .map(ImageRow::id)
                .toList();
    }

    @Override
    public List<IndexEntry> entries(String collection, Optional<ImageId> after, int limit) {
        return page(collection, after, limit, RowFilter.ALL, List.of(ImageRow.ID, ImageRow.ORDERING, ImageRow.LIVE))
                .stream()
                .map(ImageRow::entry)
                .toList();
    }

    /** Rows in the order of their keys, as Milvus's own query iterator asks for them: no page skips a key. */
    private List<Map<String, Object>> page(
            String collection, Optional<ImageId> after, int limit, String filter, List<String> fields) {
        return query(collection, RowFilter.after(after, filter), fields, limit, IN_KEY_ORDER).stream()
                .sorted(Comparator.comparing(
                        row -> ImageRow.id(row).value().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned))
                .toList();
    }

    @Override
    public long count(String collection) {
        requireExists(collection);
        var counting = QueryReq.builder()
                .collectionName(collection)
                .filter(RowFilter.LIVE)
                .outputFields(List.of("count(*)"))
                .consistencyLevel(ConsistencyLevel.STRONG)
                .build();
        return connection
                .call(
                        "count '" + collection + "'",
                        client -> client.query(counting).getQueryResults())
                .stream()
                .map(result -> result.getEntity().get("count(*)"))
                .mapToLong(count -> count instanceof Number number ? number.longValue() : 0)
                .sum();
    }

    private List<Map<String, Object>> query(String collection, String filter, List<String> fields, int limit) {
        return query(collection, filter, fields, limit, Map.of());
    }

    private List<Map<String, Object>> query(
            String collection, String filter, List<String> fields, int limit, Map<String, Object> parameters) {
        requireExists(collection);
        var query = QueryReq.builder()
                .collectionName(collection)
                .filter(filter)
                .outputFields(fields)
                .limit(limit)
                .queryParams(new HashMap<>(parameters))
                .consistencyLevel(ConsistencyLevel.STRONG)
                .build();
        return connection
                .call("read '" + collection + "'", client -> client.query(query).getQueryResults())
                .stream()
                .map(result -> result.getEntity())
                .toList();
    }

    @Override
    public void drop(String collection) {
        if (!exists(collection)) {
            return;
        }
        dimensions.remove(collection);
        connection.run("drop collection '" + collection + "'", client -> {
            MilvusAliases.dropAll(client, collection);
            client.dropCollection(
                    DropCollectionReq.builder().collectionName(collection).build());
        });
    }

    @Override
    public void alias(String alias, String collection) {
        requireExists(collection);
        aliases.point(alias, collection);
    }

    @Override
    public Optional<String> resolveAlias(String alias) {
        return aliases.resolve(alias);
    }

    private boolean exists(String collection) {
        return connection.call(
                "look for '" + collection + "'",
                client -> client.hasCollection(
                        HasCollectionReq.builder().collectionName(collection).build()));
    }

    private void requireExists(String collection) {
        if (!exists(collection)) {
            throw new NoSuchCollectionException(collection);
        }
    }

    private int dimension(String collection) {
        requireExists(collection);
        return dimensions.computeIfAbsent(
                collection,
                any -> connection.call(
                        "describe '" + collection + "'",
                        client -> client.describeCollection(DescribeCollectionReq.builder()
                                        .collectionName(collection)
                                        .build())
                                .getCollectionSchema()
                                .getField(ImageRow.EMBEDDING)
                                .getDimension()));
    }

    private static void requireDimension(int dimension, int given) {
        if (given != dimension) {
            throw new IllegalArgumentException(
                    "the collection holds embeddings of " + dimension + " dimensions, but was given one of " + given);
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
