package dev.sightline.index.lucene;

import dev.sightline.domain.ImageId;
import dev.sightline.index.Deletion;
import dev.sightline.index.IndexEntry;
import dev.sightline.index.IndexUnavailableException;
import dev.sightline.index.IndexedImage;
import dev.sightline.index.NoSuchCollectionException;
import dev.sightline.index.SearchHit;
import dev.sightline.index.SearchRequest;
import dev.sightline.index.VectorIndex;
import dev.sightline.index.WriteOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.LockObtainFailedException;

/**
 * Collections on disk, searched in this process. One process at a time may have a directory open. An acknowledged write is
 * on disk and visible to the next search.
 */
public final class LuceneVectorIndex implements VectorIndex {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]{1,200}");
    private static final String DIMENSION = ".dimension-";
    private static final String ALIASES = "aliases.properties";

    private final Path directory;
    private final Map<String, LuceneCollection> collections = new ConcurrentHashMap<>();

    private LuceneVectorIndex(Path directory) {
        this.directory = directory;
    }

    /**
     * Opens the index in {@code directory}, empty if there is none yet.
     *
     * @throws IllegalStateException if another process has it open
     */
    public static LuceneVectorIndex open(Path directory) {
        var index = new LuceneVectorIndex(directory);
        try {
            Files.createDirectories(directory);
            try (Stream<Path> folders = Files.list(directory)) {
                for (Path folder : folders.filter(Files::isDirectory).toList()) {
                    String name = folder.getFileName().toString();
                    int split = name.lastIndexOf(DIMENSION);
                    if (split > 0) {
                        int dimension = Integer.parseInt(name.substring(split + DIMENSION.length()));
                        index.collections.put(name.substring(0, split), LuceneCollection.open(folder, dimension));
                    }
                }
            }
        } catch (LockObtainFailedException e) {
            index.close();
            throw new IllegalStateException(
                    "the index in " + directory + " is open in another process; stop that Sightline first", e);
        } catch (IOException e) {
            index.close();
            throw new UncheckedIOException("cannot open the index in " + directory, e);
        }
        return index;
    }

    @Override
    public synchronized void createCollection(String collection, int dimension) {
        requireName(collection);
        LuceneCollection existing = collections.get(collection);
        if (existing != null && existing.dimension() != dimension) {
            throw new IllegalArgumentException("collection '" + collection + "' exists with " + existing.dimension()
                    + " dimensions, not " + dimension);
        }
        if (existing == null) {
            try {
                collections.put(collection, LuceneCollection.open(folder(collection, dimension), dimension));
            } catch (IOException e) {
                throw unavailable("create collection '" + collection + "'", e);
            }
        }
    }

    @Override
    public List<String> collections() {
        return List.copyOf(collections.keySet());
    }

    @Override
    public List<WriteOutcome> upsert(String collection, List<IndexedImage> batch) {
        return on(collection, found -> found.upsert(batch));
    }

    @Override
    public List<WriteOutcome> delete(String collection, List<Deletion> batch) {
        return on(collection, found -> found.delete(batch));
    }

    @Override
    public List<SearchHit> search(String collection, SearchRequest request) {
        return on(collection, found -> found.search(request));
    }

    @Override
    public Map<ImageId, IndexedImage> fetch(String collection, Collection<ImageId> ids) {
        return on(collection, found -> found.fetch(ids));
    }

    @Override
    public List<ImageId> ids(String collection, Optional<ImageId> after, int limit) {
        return on(collection, found -> found.ids(after, limit));
    }

    @Override
    public List<IndexEntry> entries(String collection, Optional<ImageId> after, int limit) {
        return on(collection, found -> found.entries(after, limit));
    }

    @Override
    public long count(String collection) {
        return on(collection, LuceneCollection::count);
    }

    @Override
    public synchronized void drop(String collection) {
        LuceneCollection dropped = collections.remove(collection);
        if (dropped == null) {
            return;
        }
        try {
            dropped.close();
            delete(folder(collection, dropped.dimension()));
        } catch (IOException e) {
            throw unavailable("drop collection '" + collection + "'", e);
        }
    }

    @Override
    public synchronized void alias(String alias, String collection) {
        requireName(alias);
        if (!collections.containsKey(collection)) {
            throw new NoSuchCollectionException(collection);
        }
        Path temporary = directory.resolve(ALIASES + ".writing");
        try {
            Properties aliases = aliases();
            aliases.setProperty(alias, collection);
            try (var output = Files.newBufferedWriter(temporary)) {
                aliases.store(output, null);
            }
            Files.move(temporary, directory.resolve(ALIASES), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw unavailable("move alias '" + alias + "'", e);
        }
    }

    @Override
    public synchronized Optional<String> resolveAlias(String alias) {
        try {
            return Optional.ofNullable(aliases().getProperty(alias));
        } catch (IOException e) {
            throw unavailable("read alias '" + alias + "'", e);
        }
    }

    private Properties aliases() throws IOException {
        var aliases = new Properties();
        if (Files.exists(directory.resolve(ALIASES))) {
            try (var input = Files.newBufferedReader(directory.resolve(ALIASES))) {
                aliases.load(input);
            }
        }
        return aliases;
    }

    private interface Access<T> {
        T to(LuceneCollection collection) throws IOException;
    }

    private <T> T on(String name, Access<T> access) {
        LuceneCollection collection = collections.get(name);
        if (collection == null) {
            throw new NoSuchCollectionException(name);
        }
        try {
            return access.to(collection);
        } catch (AlreadyClosedException e) {
            throw new NoSuchCollectionException(name);
        } catch (IOException e) {
            throw unavailable("use collection '" + name + "'", e);
        }
    }

    private Path folder(String collection, int dimension) {
        return directory.resolve(collection + DIMENSION + dimension);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a collection or alias is named by letters, digits and underscores, not '" + name + "'");
        }
    }

    private IndexUnavailableException unavailable(String action, IOException cause) {
        return new IndexUnavailableException(
                "cannot " + action + " in " + directory + "; check that its disk is mounted, writable and not full",
                cause);
    }

    @Override
    public synchronized void close() {
        IOException failure = null;
        for (LuceneCollection collection : collections.values()) {
            try {
                collection.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        collections.clear();
        if (failure != null) {
            throw new UncheckedIOException("cannot close the index in " + directory, failure);
        }
    }
}
