package dev.sightline.index.lucene;

import dev.sightline.domain.Embedding;
import dev.sightline.domain.ImageId;
import dev.sightline.index.Deletion;
import dev.sightline.index.IndexEntry;
import dev.sightline.index.IndexedImage;
import dev.sightline.index.MetadataFilter;
import dev.sightline.index.SearchHit;
import dev.sightline.index.SearchRequest;
import dev.sightline.index.WriteOutcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.MultiBits;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.FieldExistsQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * One collection, one Lucene index. Writers take turns; each write is committed before it returns and visible to the next
 * search. Readers never wait.
 */
final class LuceneCollection implements AutoCloseable {
    /** Neighbours the graph is asked for at least: recall@10 of 0.99 on clustered vectors (see the ADR). */
    private static final int MIN_CANDIDATES = 100;

    private final int dimension;
    private final IndexWriter writer;
    private final SearcherManager searchers;

    private LuceneCollection(int dimension, IndexWriter writer, SearcherManager searchers) {
        this.dimension = dimension;
        this.writer = writer;
        this.searchers = searchers;
    }

    static LuceneCollection open(Path directory, int dimension) throws IOException {
        var writer = new IndexWriter(FSDirectory.open(directory), new IndexWriterConfig().setCommitOnClose(false));
        return new LuceneCollection(dimension, writer, new SearcherManager(writer, null));
    }

    int dimension() {
        return dimension;
    }

    synchronized List<WriteOutcome> upsert(List<IndexedImage> batch) throws IOException {
        for (IndexedImage image : batch) {
            requireDimension(image.embedding());
        }
        Map<ImageId, Long> known =
                orderings(batch.stream().map(IndexedImage::id).toList());
        List<WriteOutcome> outcomes = new ArrayList<>(batch.size());
        for (IndexedImage image : batch) {
            outcomes.add(write(known, image.id(), image.ordering(), ImageDocument.live(image)));
        }
        publish();
        return outcomes;
    }

    synchronized List<WriteOutcome> delete(List<Deletion> batch) throws IOException {
        Map<ImageId, Long> known = orderings(batch.stream().map(Deletion::id).toList());
        List<WriteOutcome> outcomes = new ArrayList<>(batch.size());
        for (Deletion deletion : batch) {
            outcomes.add(write(known, deletion.id(), deletion.ordering(), ImageDocument.tombstone(deletion)));
        }
        publish();
        return outcomes;
    }

    private WriteOutcome write(Map<ImageId, Long> known, ImageId id, long ordering, Document document)
            throws IOException {
        Long before = known.get(id);
        if (before != null && before > ordering) {
            return WriteOutcome.STALE;
        }
        writer.updateDocument(new Term(ImageDocument.ID, id.value()), document);
        known.put(id, ordering);
        return WriteOutcome.WRITTEN;
    }

    private void publish() throws IOException {
        writer.commit();
        searchers.maybeRefreshBlocking();
    }

    /** Of live images and tombstones alike. */
    private Map<ImageId, Long> orderings(List<ImageId> ids) throws IOException {
        return withSearcher(searcher -> {
            Map<ImageId, Long> orderings = new HashMap<>();
            for (ScoreDoc hit : find(searcher, ImageDocument.ID, ids)) {
                Document document = searcher.storedFields().document(hit.doc);
                orderings.put(ImageDocument.id(document), ImageDocument.ordering(document));
            }
            return orderings;
        });
    }

    List<SearchHit> search(SearchRequest request) throws IOException {
        requireDimension(request.query());
        int candidates = Math.max(MIN_CANDIDATES, 2 * request.topK());
        Query query = new KnnFloatVectorQuery(
                ImageDocument.EMBEDDING, request.query().toArray(), candidates, filter(request.filter()));
        return withSearcher(searcher -> {
            TopDocs top = searcher.search(query, request.topK());
            List<SearchHit> hits = new ArrayList<>(top.scoreDocs.length);
            for (ScoreDoc hit : top.scoreDocs) {
                Document document = searcher.storedFields().document(hit.doc);
                // Lucene maps the inner product of unit vectors to 0..1
                hits.add(new SearchHit(
                        ImageDocument.id(document),
                        ImageDocument.contentHash(document),
                        2 * hit.score - 1,
                        ImageDocument.metadata(document)));
            }
            return hits;
        });
    }

    private static @Nullable Query filter(MetadataFilter filter) {
        if (filter.equals(MetadataFilter.ANY)) {
            return null;
        }
        var all = new BooleanQuery.Builder();
        if (!filter.sources().isEmpty()) {
            all.add(
                    new TermInSetQuery(
                            ImageDocument.SOURCE,
                            filter.sources().stream().map(BytesRef::new).toList()),
                    Occur.FILTER);
        }
        filter.tags()
                .forEach((key, value) -> all.add(
                        new TermQuery(new Term(ImageDocument.TAG, ImageDocument.tag(key, value))), Occur.FILTER));
        if (filter.uploadedFrom().isPresent() || filter.uploadedBefore().isPresent()) {
            long from = filter.uploadedFrom().map(Instant::toEpochMilli).orElse(Long.MIN_VALUE);
            long before = filter.uploadedBefore().map(Instant::toEpochMilli).orElse(Long.MAX_VALUE);
            all.add(LongPoint.newRangeQuery(ImageDocument.UPLOADED_AT, from, before - 1), Occur.FILTER);
        }
        return all.build();
    }

    Map<ImageId, IndexedImage> fetch(Collection<ImageId> ids) throws IOException {
        return withSearcher(searcher -> {
            Map<ImageId, IndexedImage> found = new HashMap<>();
            for (ScoreDoc hit : find(searcher, ImageDocument.LIVE, ids)) {
                Document document = searcher.storedFields().document(hit.doc);
                found.put(ImageDocument.id(document), ImageDocument.image(document, embedding(searcher, hit.doc)));
            }
            return found;
        });
    }

    private static ScoreDoc[] find(IndexSearcher searcher, String field, Collection<ImageId> ids) throws IOException {
        if (ids.isEmpty()) {
            return new ScoreDoc[0];
        }
        List<BytesRef> terms = ids.stream().map(id -> new BytesRef(id.value())).toList();
        return searcher.search(new TermInSetQuery(field, terms), terms.size()).scoreDocs;
    }

    private static Embedding embedding(IndexSearcher searcher, int document) throws IOException {
        List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
        LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(document, leaves));
        FloatVectorValues values = leaf.reader().getFloatVectorValues(ImageDocument.EMBEDDING);
        KnnVectorValues.DocIndexIterator position = values.iterator();
        position.advance(document - leaf.docBase);
        return Embedding.ofUnit(values.vectorValue(position.index()));
    }

    List<ImageId> ids(Optional<ImageId> after, int limit) throws IOException {
        return withSearcher(searcher -> {
            List<ImageId> ids = new ArrayList<>();
            eachTerm(searcher, ImageDocument.LIVE, after, (id, document) -> {
                ids.add(id);
                return ids.size() < limit;
            });
            return ids;
        });
    }

    List<IndexEntry> entries(Optional<ImageId> after, int limit) throws IOException {
        return withSearcher(searcher -> {
            StoredFields stored = searcher.storedFields();
            List<IndexEntry> entries = new ArrayList<>();
            eachTerm(searcher, ImageDocument.ID, after, (id, document) -> {
                entries.add(ImageDocument.entry(id, stored.document(document, ImageDocument.ENTRY_FIELDS)));
                return entries.size() < limit;
            });
            return entries;
        });
    }

    private interface TermVisitor {
        /** @return whether to go on */
        boolean visit(ImageId id, int document) throws IOException;
    }

    /** Visits the ids after one in a field of ids, each with the document that is not deleted, in ascending order. */
    private static void eachTerm(IndexSearcher searcher, String field, Optional<ImageId> after, TermVisitor visitor)
            throws IOException {
        Terms terms = MultiTerms.getTerms(searcher.getIndexReader(), field);
        if (terms == null) {
            return;
        }
        Bits live = MultiBits.getLiveDocs(searcher.getIndexReader());
        TermsEnum position = terms.iterator();
        // The next possible term after a value is that value and a zero byte.
        BytesRef start = new BytesRef(after.map(id -> id.value() + '\0').orElse(""));
        BytesRef term = position.seekCeil(start) == TermsEnum.SeekStatus.END ? null : position.term();
        boolean more = true;
        while (term != null && more) {
            int document = liveDocument(position, live);
            if (document != DocIdSetIterator.NO_MORE_DOCS) {
                more = visitor.visit(new ImageId(term.utf8ToString()), document);
            }
            term = position.next();
        }
    }

    private static int liveDocument(TermsEnum term, @Nullable Bits live) throws IOException {
        PostingsEnum documents = term.postings(null, PostingsEnum.NONE);
        int document = documents.nextDoc();
        while (document != DocIdSetIterator.NO_MORE_DOCS && live != null && !live.get(document)) {
            document = documents.nextDoc();
        }
        return document;
    }

    long count() throws IOException {
        return withSearcher(searcher -> (long) searcher.count(new FieldExistsQuery(ImageDocument.EMBEDDING)));
    }

    private void requireDimension(Embedding embedding) {
        if (embedding.dimension() != dimension) {
            throw new IllegalArgumentException("the collection holds embeddings of " + dimension
                    + " dimensions, but was given one of " + embedding.dimension());
        }
    }

    private interface Reading<T> {
        T from(IndexSearcher searcher) throws IOException;
    }

    private <T> T withSearcher(Reading<T> reading) throws IOException {
        IndexSearcher searcher = searchers.acquire();
        try {
            return reading.from(searcher);
        } finally {
            searchers.release(searcher);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        searchers.close();
        writer.close();
    }
}
