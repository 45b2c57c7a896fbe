package dev.sightline.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sightline.domain.ContentHash;
import dev.sightline.domain.Embedding;
import dev.sightline.domain.ImageId;
import dev.sightline.domain.ImageMetadata;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every adapter promises. */
public abstract class VectorIndexContract {
    private static final int DIMENSION = 16;
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    private static final String COLLECTION = "faces";

    private VectorIndex index;

    /** An empty index, closed by the subclass. */
    protected abstract VectorIndex emptyIndex();

    @BeforeEach
    void createCollection() {
        index = emptyIndex();
        index.createCollection(COLLECTION, DIMENSION);
    }

    @Test
    void findsTheNearestFirstWithItsCosine() {
        index.upsert(COLLECTION, List.of(image("a", 1, axis(0)), image("b", 1, axis(1))));
        float[] near = new float[DIMENSION];
        near[0] = 4;
        near[1] = 3;

        List<SearchHit> hits = index.search(COLLECTION, new SearchRequest(Embedding.normalised(near), 5));

        assertThat(hits).extracting(hit -> hit.id().value()).containsExactly("a", "b");
        assertThat(hits.get(0).score()).isCloseTo(0.8f, within(1e-3f));
        assertThat(hits.get(1).score()).isCloseTo(0.6f, within(1e-3f));
        assertThat(hits.get(0).metadata()).isEqualTo(image("a", 1, axis(0)).metadata());
    }

    @Test
    void upsertingTwiceLeavesOne() {
        index.upsert(COLLECTION, List.of(image("a", 1, axis(0))));
        assertThat(index.upsert(COLLECTION, List.of(image("a", 1, axis(0))))).containsExactly(WriteOutcome.WRITTEN);

        assertThat(index.count(COLLECTION)).isEqualTo(1);
    }

    @Test
    void anOlderEventLoses() {
        index.upsert(COLLECTION, List.of(image("a", 5, axis(0))));

        assertThat(index.upsert(COLLECTION, List.of(image("a", 4, axis(1))))).containsExactly(WriteOutcome.STALE);
        assertThat(index.delete(COLLECTION, List.of(new Deletion(new ImageId("a"), 3))))
                .containsExactly(WriteOutcome.STALE);
        assertThat(fetch("a").orElseThrow().ordering()).isEqualTo(5);
    }

    @Test
    void withinABatchTheNewestWins() {
        index.upsert(COLLECTION, List.of(image("a", 2, axis(1)), image("a", 1, axis(0))));

        assertThat(fetch("a").orElseThrow().embedding()).isEqualTo(axis(1));
        assertThat(index.count(COLLECTION)).isEqualTo(1);
    }

    @Test
    void aDeletedImageStaysDeletedUnlessItIsNewlyUploaded() {
        ImageId id = new ImageId("a");
        index.upsert(COLLECTION, List.of(image("a", 1, axis(0))));
        index.delete(COLLECTION, List.of(new Deletion(id, 2)));

        assertThat(index.upsert(COLLECTION, List.of(image("a", 1, axis(0))))).containsExactly(WriteOutcome.STALE);
        assertThat(fetch("a")).isEmpty();
        assertThat(index.count(COLLECTION)).isZero();
        assertThat(index.ids(COLLECTION, Optional.empty(), 10)).isEmpty();
        assertThat(index.search(COLLECTION, new SearchRequest(axis(0), 10))).isEmpty();

        assertThat(index.upsert(COLLECTION, List.of(image("a", 3, axis(0))))).containsExactly(WriteOutcome.WRITTEN);
        assertThat(fetch("a")).isPresent();
    }

    @Test
    void aDeletionMayComeBeforeTheUploadItDeletes() {
        index.delete(COLLECTION, List.of(new Deletion(new ImageId("a"), 2)));
        index.upsert(COLLECTION, List.of(image("a", 1, axis(0))));

        assertThat(fetch("a")).isEmpty();
    }

    @Test
    void givesBackWhatWasWritten() {
        IndexedImage written = image("写真 \"7\" \\ 📷", 9, axis(3));
        index.upsert(COLLECTION, List.of(written));

        assertThat(fetch("写真 \"7\" \\ 📷")).contains(written);
        assertThat(index.fetch(COLLECTION, List.of(new ImageId("other")))).isEmpty();
    }

    @Test
    void filtersBySourceTagAndTime() {
        index.upsert(
                COLLECTION,
                List.of(
                        image(
                                "old",
                                1,
                                axis(0),
                                new ImageMetadata("phone", NOON.minusSeconds(60), 1, 1, Map.of("album", "a"))),
                        image("new", 2, axis(0), new ImageMetadata("phone", NOON, 1, 1, Map.of("album", "b"))),
                        image("web", 3, axis(0), new ImageMetadata("web", NOON, 1, 1, Map.of("album", "b")))));

        assertThat(found(new MetadataFilter(List.of("phone"), Map.of(), Optional.empty(), Optional.empty())))
                .containsExactlyInAnyOrder("old", "new");
        assertThat(found(new MetadataFilter(
                        List.of("phone", "web"), Map.of("album", "b"), Optional.empty(), Optional.empty())))
                .containsExactlyInAnyOrder("new", "web");
        assertThat(found(new MetadataFilter(List.of(), Map.of(), Optional.of(NOON), Optional.empty())))
                .containsExactlyInAnyOrder("new", "web");
        assertThat(found(new MetadataFilter(List.of(), Map.of(), Optional.empty(), Optional.of(NOON))))
                .containsExactly("old");
    }

    @Test
    void idsComeInPagesInOrder() {
        index.upsert(
                COLLECTION,
                IntStream.range(0, 25)
                        .mapToObj(i -> image("id-" + (char) ('a' + i), i, axis(i % DIMENSION)))
                        .toList());
        List<ImageId> all = new ArrayList<>();
        List<ImageId> page = index.ids(COLLECTION, Optional.empty(), 7);
        while (!page.isEmpty()) {
            assertThat(page).hasSizeLessThanOrEqualTo(7);
            all.addAll(page);
            page = index.ids(COLLECTION, Optional.of(page.getLast()), 7);
        }

        assertThat(all).hasSize(25).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void entriesTellOrderingsAndDeletionsInOrder() {
        index.upsert(
                COLLECTION,
                IntStream.range(0, 25)
                        .mapToObj(i -> image("id-" + (char) ('a' + i), 10 + i, axis(i % DIMENSION)))
                        .toList());
        index.delete(
                COLLECTION, List.of(new Deletion(new ImageId("id-c"), 50), new Deletion(new ImageId("id-never"), 60)));
        List<IndexEntry> all = new ArrayList<>();
        List<IndexEntry> page = index.entries(COLLECTION, Optional.empty(), 7);
        while (!page.isEmpty()) {
            assertThat(page).hasSizeLessThanOrEqualTo(7);
            all.addAll(page);
            page = index.entries(COLLECTION, Optional.of(page.getLast().id()), 7);
        }

        assertThat(all).extracting(IndexEntry::id).hasSize(26).isSorted().doesNotHaveDuplicates();
        assertThat(all)
                .contains(new IndexEntry(new ImageId("id-b"), 11, true), new IndexEntry(new ImageId("id-c"), 50, false))
                .contains(new IndexEntry(new ImageId("id-never"), 60, false));
        assertThat(all).filteredOn(IndexEntry::live).hasSize(24);
    }

    @Test
    void anAliasMoves() {
        index.createCollection("other", DIMENSION);
        index.alias("active", COLLECTION);
        assertThat(index.resolveAlias("active")).contains(COLLECTION);
        index.alias("active", "other");

        assertThat(index.resolveAlias("active")).contains("other");
        assertThat(index.resolveAlias("unheard_of")).isEmpty();
        assertThatThrownBy(() -> index.alias("active", "missing")).isInstanceOf(NoSuchCollectionException.class);
    }

    @Test
    void aDroppedCollectionIsGone() {
        index.drop(COLLECTION);
        index.drop(COLLECTION);

        assertThat(index.collections()).doesNotContain(COLLECTION);
        assertThatThrownBy(() -> index.count(COLLECTION)).isInstanceOf(NoSuchCollectionException.class);
    }

    @Test
    void refusesAnotherDimension() {
        Embedding flat = Embedding.normalised(new float[] {1, 1});

        assertThatThrownBy(() -> index.upsert(COLLECTION, List.of(image("a", 1, flat))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("16")
                .hasMessageContaining("2");
        assertThatThrownBy(() -> index.createCollection(COLLECTION, 8)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void recallAt10AgainstAnExactScanIsAtLeast95Percent() {
        Random random = new Random(1);
        List<Embedding> centres = IntStream.range(0, 40)
                .mapToObj(i -> around(random, new float[DIMENSION], 1))
                .toList();
        List<IndexedImage> images = IntStream.range(0, 4_000)
                .mapToObj(i -> image(
                        "image-" + i, i, around(random, centres.get(i % 40).toArray(), 0.15)))
                .toList();
        for (int from = 0; from < images.size(); from += 500) {
            index.upsert(COLLECTION, images.subList(from, from + 500));
        }
        double found = 0;
        for (int q = 0; q < 50; q++) {
            Embedding query = around(random, centres.get(q % 40).toArray(), 0.15);
            Set<ImageId> exact = new HashSet<>(images.stream()
                    .sorted(Comparator.comparingDouble((IndexedImage image) -> -query.score(image.embedding())))
                    .limit(10)
                    .map(IndexedImage::id)
                    .toList());
            found += index.search(COLLECTION, new SearchRequest(query, 10)).stream()
                    .filter(hit -> exact.contains(hit.id()))
                    .count();
        }

        assertThat(found / 500).isGreaterThanOrEqualTo(0.95);
    }

    private List<String> found(MetadataFilter filter) {
        return index.search(COLLECTION, new SearchRequest(axis(0), 10, filter)).stream()
                .map(hit -> hit.id().value())
                .toList();
    }

    private Optional<IndexedImage> fetch(String id) {
        var key = new ImageId(id);
        return Optional.ofNullable(index.fetch(COLLECTION, List.of(key)).get(key));
    }

    private static Embedding around(Random random, float[] centre, double spread) {
        float[] values = centre.clone();
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (spread * random.nextGaussian());
        }
        return Embedding.normalised(values);
    }

    protected static Embedding axis(int ordinal) {
        float[] values = new float[DIMENSION];
        values[ordinal] = 1;
        return Embedding.ofUnit(values);
    }

    protected static IndexedImage image(String id, long ordering, Embedding embedding) {
        return image(id, ordering, embedding, new ImageMetadata("test", NOON, 178, 218, Map.of("album", id)));
    }

    private static IndexedImage image(String id, long ordering, Embedding embedding, ImageMetadata metadata) {
        return new IndexedImage(
                new ImageId(id),
                ContentHash.of(id.getBytes(StandardCharsets.UTF_8)),
                embedding,
                ordering,
                metadata,
                NOON.plusSeconds(ordering));
    }
}
