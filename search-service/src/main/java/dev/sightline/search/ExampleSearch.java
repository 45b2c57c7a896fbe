package dev.sightline.search;

import dev.sightline.domain.AttributeQuery;
import dev.sightline.domain.Embedding;
import dev.sightline.domain.ImageId;
import dev.sightline.index.IndexedImage;
import dev.sightline.index.SearchHit;
import dev.sightline.index.SearchRequest;
import dev.sightline.index.VectorIndex;
import dev.sightline.service.ProblemException;
import dev.sightline.towers.QueryComposition;
import java.util.List;
import java.util.function.Function;

/** "Like this one, but smiling": searches from an indexed image, changed in the attributes asked for. Thread-safe. */
final class ExampleSearch {
    private final VectorIndex index;
    private final QueryComposition composition;

    ExampleSearch(VectorIndex index, QueryComposition composition) {
        this.index = index;
        this.composition = composition;
    }

    /**
     * The nearest images, best first, without the example itself.
     *
     * @param body with an example
     * @param queryTower of the version whose collection this is
     * @throws ProblemException 404 if the collection does not hold the example
     */
    List<SearchHit> find(String collection, SearchBody body, Function<AttributeQuery, Embedding> queryTower) {
        ImageId example = body.like().orElseThrow();
        IndexedImage indexed = index.fetch(collection, List.of(example)).get(example);
        if (indexed == null) {
            throw unknown(example);
        }
        Embedding point = composition.compose(indexed.embedding(), body.query(), queryTower);
        int withExample = Math.min(body.limit() + 1, SearchRequest.MAX_TOP_K);
        return index.search(collection, new SearchRequest(point, withExample, body.filter())).stream()
                .filter(hit -> !hit.id().equals(example))
                .limit(body.limit())
                .toList();
    }

    static ProblemException unknown(ImageId example) {
        return new ProblemException(
                404,
                "Unknown image",
                "no searchable image has the id '" + example + "' given in 'like'; upload it first, or wait until its"
                        + " status is searchable");
    }
}
