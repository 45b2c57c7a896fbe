package dev.sightline.index;

import dev.sightline.domain.ContentHash;
import dev.sightline.domain.ImageId;
import dev.sightline.domain.ImageMetadata;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** One result. @param score cosine similarity to the query, −1..1, higher is closer */
public record SearchHit(ImageId id, ContentHash contentHash, float score, ImageMetadata metadata) {
    /** The same hits in the same order, with {@code score} of their scores. */
    public static List<SearchHit> rescored(List<SearchHit> hits, DoubleUnaryOperator score) {
        return hits.stream()
                .map(hit ->
                        new SearchHit(hit.id, hit.contentHash, (float) score.applyAsDouble(hit.score), hit.metadata))
                .toList();
    }
}
