package dev.sightline.index;

import dev.sightline.domain.ImageId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Collections of image embeddings, searched by inner product.
 *
 * <p>Writes are idempotent and ordered: each carries its event's ordering, and a write older than what the collection
 * already knows of that image, a deletion included, changes nothing. An acknowledged write survives a crash and is seen
 * by every later {@link #fetch}, {@link #count} and {@link #ids}; {@link #search} sees it within the adapter's stated
 * refresh interval.
 *
 * <p>All methods block and may be called from any thread, but never from an event loop. Failures that may pass are
 * {@link IndexUnavailableException}; a collection that is not there is {@link NoSuchCollectionException}.
 */
public interface VectorIndex extends AutoCloseable {

    /** Creates the collection if it is not there. @throws IllegalArgumentException if it is there with another dimension */
    void createCollection(String collection, int dimension);

    /** The names of all collections, in no order. */
    List<String> collections();

    /**
     * Writes a batch; acknowledged as a whole when it returns. Where a batch names an image twice, the higher ordering
     * wins.
     *
     * @return for each entry, in order, whether it was written or lost to a newer write
     */
    List<WriteOutcome> upsert(String collection, List<IndexedImage> batch);

    /** Deletes, and remembers the deletion's ordering so that an older upsert cannot bring the image back. */
    List<WriteOutcome> delete(String collection, List<Deletion> batch);

    /** The nearest images, best first, at most {@code topK}; fewer where the collection or the filter holds fewer. */
    List<SearchHit> search(String collection, SearchRequest request);

    /** The entries of those ids that the collection holds; ids it lacks are absent from the map. */
    Map<ImageId, IndexedImage> fetch(String collection, Collection<ImageId> ids);

    /** Up to {@code limit} live ids that follow {@code after} in ascending order of UTF-8 bytes; empty at the end. */
    List<ImageId> ids(String collection, Optional<ImageId> after, int limit);

    /**
     * What is known of up to {@code limit} images that follow {@code after}, the deleted ones included, in ascending order of
     * their ids' UTF-8 bytes. A page may be shorter than {@code limit}; only an empty one is the end.
     */
    List<IndexEntry> entries(String collection, Optional<ImageId> after, int limit);

    /** The number of live images. */
    long count(String collection);

    /** Removes the collection and all in it; nothing happens if it is not there. */
    void drop(String collection);

    /** Points an alias at a collection, atomically moving it if it pointed elsewhere. */
    void alias(String alias, String collection);

    /** The collection an alias points at. */
    Optional<String> resolveAlias(String alias);

    @Override
    void close();
}
