package dev.sightline.trainer.lifecycle;

import dev.sightline.domain.ImageId;
import dev.sightline.index.Deletion;
import dev.sightline.index.IndexEntry;
import dev.sightline.index.VectorIndex;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One pass over the sorted entries of two collections, a page at a time. Holds a few pages of ids and orderings and nothing
 * else, whatever the size of the collections. Both may be written to meanwhile.
 */
final class CollectionComparison {
    /** How an index lists ids; Java's own order of texts differs beyond U+FFFF. */
    private static final Comparator<ImageId> INDEX_ORDER =
            Comparator.comparing(id -> id.value().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    private final VectorIndex index;
    private final String active;
    private final String target;
    private final int pageSize;
    private Optional<ImageId> cursor = Optional.empty();
    private boolean ended;

    CollectionComparison(VectorIndex index, String active, String target, int pageSize) {
        this.index = index;
        this.active = active;
        this.target = target;
        this.pageSize = pageSize;
    }

    /**
     * What the target does not know in one page.
     *
     * @param missing live in the active collection; absent, older or deleted in the target
     * @param deleted deleted in the active collection; the target knows nothing of the image, or something older
     * @param surplus live in the target and unknown in the active collection when both were read
     */
    record Difference(List<ImageId> missing, List<Deletion> deleted, List<ImageId> surplus) {}

    boolean hasEnded() {
        return ended;
    }

    /** Compares the next page. */
    Difference next() {
        List<IndexEntry> wanted = index.entries(active, cursor, pageSize);
        Optional<ImageId> upTo = wanted.isEmpty()
                ? Optional.empty()
                : Optional.of(wanted.getLast().id());
        Map<ImageId, IndexEntry> there = new HashMap<>();
        Optional<ImageId> read = targetUpTo(upTo, there);
        Difference difference = differ(wanted, there, read);
        cursor = read;
        ended = read.isEmpty();
        return difference;
    }

    /** Reads the target's entries up to {@code upTo}, or a few pages of them; tells up to where, empty for the end. */
    private Optional<ImageId> targetUpTo(Optional<ImageId> upTo, Map<ImageId, IndexEntry> into) {
        Optional<ImageId> position = cursor;
        while (into.size() < 3 * pageSize) {
            List<IndexEntry> page = index.entries(target, position, pageSize);
            for (IndexEntry entry : page) {
                if (isWithin(entry.id(), upTo)) {
                    into.put(entry.id(), entry);
                }
            }
            if (page.isEmpty() || !isWithin(page.getLast().id(), upTo)) {
                return upTo;
            }
            position = Optional.of(page.getLast().id());
        }
        return position;
    }

    private Difference differ(List<IndexEntry> wanted, Map<ImageId, IndexEntry> there, Optional<ImageId> read) {
        List<ImageId> missing = new ArrayList<>();
        List<Deletion> deleted = new ArrayList<>();
        for (IndexEntry entry : wanted) {
            if (isWithin(entry.id(), read)) {
                Optional<IndexEntry> found = Optional.ofNullable(there.remove(entry.id()));
                boolean known = found.filter(other -> other.ordering() >= entry.ordering())
                        .isPresent();
                boolean givenUp = found.filter(other -> other.ordering() == entry.ordering() && !other.live())
                        .isPresent();
                if (entry.live() && (!known || givenUp)) {
                    missing.add(entry.id());
                } else if (!entry.live() && !known) {
                    deleted.add(new Deletion(entry.id(), entry.ordering()));
                }
            }
        }
        List<ImageId> surplus = there.values().stream()
                .filter(IndexEntry::live)
                .map(IndexEntry::id)
                .toList();
        return new Difference(missing, deleted, surplus);
    }

    private static boolean isWithin(ImageId id, Optional<ImageId> upTo) {
        return upTo.isEmpty() || INDEX_ORDER.compare(id, upTo.get()) <= 0;
    }
}
