package dev.sightline.index;

import dev.sightline.domain.ImageId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** An index in memory that keeps the port's contract, for tests of what uses it. Thread-safe; searches scan. */
public final class InMemoryVectorIndex implements VectorIndex {
    private static final Comparator<ImageId> UTF_8 =
            Comparator.comparing(id -> id.value().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    /** What is known of an image: its entry, or that it was deleted. */
    private record Known(long ordering, Optional<IndexedImage> image) {}

    private record Stored(int dimension, NavigableMap<ImageId, Known> images) {}

    private final Map<String, Stored> collections = new HashMap<>();
    private final Map<String, String> aliases = new HashMap<>();

    @Override
    public synchronized void createCollection(String collection, int dimension) {
        Stored existing = collections.computeIfAbsent(collection, any -> new Stored(dimension, new TreeMap<>(UTF_8)));
        if (existing.dimension() != dimension) {
            throw new IllegalArgumentException("collection '" + collection + "' exists with " + existing.dimension()
                    + " dimensions, not " + dimension);
        }
    }

    @Override
    public synchronized List<String> collections() {
        return List.copyOf(collections.keySet());
    }

    @Override
    public synchronized List<WriteOutcome> upsert(String collection, List<IndexedImage> batch) {
        Stored stored = stored(collection);
        for (IndexedImage image : batch) {
            if (image.embedding().dimension() != stored.dimension()) {
                throw new IllegalArgumentException("the collection holds embeddings of " + stored.dimension()
                        + " dimensions, but was given one of "
                        + image.embedding().dimension());
            }
        }
        return batch.stream()
                .map(image -> write(stored, image.id(), new Known(image.ordering(), Optional.of(image))))
                .toList();
    }

    @Override
    public synchronized List<WriteOutcome> delete(String collection, List<Deletion> batch) {
        Stored stored = stored(collection);
        return batch.stream()
                .map(deletion -> write(stored, deletion.id(), new Known(deletion.ordering(), Optional.empty())))
                .toList();
    }

    private static WriteOutcome write(Stored stored, ImageId id, Known next) {
        Known before = stored.images().get(id);
        if (before != null && before.ordering() > next.ordering()) {
            return WriteOutcome.STALE;
        }
        stored.images().put(id, next);
        return WriteOutcome.WRITTEN;
    }

    @Override
    public synchronized List<SearchHit> search(String collection, SearchRequest request) {
        return live(stored(collection)).stream()
                .filter(image -> matches(request.filter(), image))
                .map(image -> new SearchHit(
                        image.id(), image.contentHash(), request.query().score(image.embedding()), image.metadata()))
                .sorted(Comparator.comparingDouble(hit -> -hit.score()))
                .limit(request.topK())
                .toList();
    }

    private static boolean matches(MetadataFilter filter, IndexedImage image) {
        var metadata = image.metadata();
        return (filter.sources().isEmpty() || filter.sources().contains(metadata.source()))
                && metadata.tags().entrySet().containsAll(filter.tags().entrySet())
                && filter.uploadedFrom().filter(metadata.uploadedAt()::isBefore).isEmpty()
                && filter.uploadedBefore()
                        .filter(before -> !metadata.uploadedAt().isBefore(before))
                        .isEmpty();
    }

    @Override
    public synchronized Map<ImageId, IndexedImage> fetch(String collection, Collection<ImageId> ids) {
        Stored stored = stored(collection);
        Map<ImageId, IndexedImage> found = new HashMap<>();
        for (ImageId id : ids) {
            Known known = stored.images().get(id);
            if (known != null) {
                known.image().ifPresent(image -> found.put(id, image));
            }
        }
        return found;
    }

    @Override
    public synchronized List<ImageId> ids(String collection, Optional<ImageId> after, int limit) {
        return following(collection, after)
                .filter(IndexEntry::live)
                .limit(limit)
                .map(IndexEntry::id)
                .toList();
    }

    @Override
    public synchronized List<IndexEntry> entries(String collection, Optional<ImageId> after, int limit) {
        return following(collection, after).limit(limit).toList();
    }

    private Stream<IndexEntry> following(String collection, Optional<ImageId> after) {
        NavigableMap<ImageId, Known> images = stored(collection).images();
        return after.map(id -> images.tailMap(id, false)).orElse(images).entrySet().stream()
                .map(entry -> new IndexEntry(
                        entry.getKey(),
                        entry.getValue().ordering(),
                        entry.getValue().image().isPresent()));
    }

    @Override
    public synchronized long count(String collection) {
        return live(stored(collection)).size();
    }

    @Override
    public synchronized void drop(String collection) {
        collections.remove(collection);
        aliases.values().removeIf(collection::equals);
    }

    @Override
    public synchronized void alias(String alias, String collection) {
        stored(collection);
        aliases.put(alias, collection);
    }

    @Override
    public synchronized Optional<String> resolveAlias(String alias) {
        return Optional.ofNullable(aliases.get(alias));
    }

    private Stored stored(String collection) {
        Stored stored = collections.get(collection);
        if (stored == null) {
            throw new NoSuchCollectionException(collection);
        }
        return stored;
    }

    private static List<IndexedImage> live(Stored stored) {
        return stored.images().values().stream()
                .flatMap(known -> known.image().stream())
                .toList();
    }

    @Override
    public void close() {}
}
