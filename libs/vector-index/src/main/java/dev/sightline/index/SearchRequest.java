package dev.sightline.index;

import dev.sightline.domain.Embedding;

/** A vector query. @param topK how many hits are wanted, 1 to {@value #MAX_TOP_K} */
public record SearchRequest(Embedding query, int topK, MetadataFilter filter) {
    public static final int MAX_TOP_K = 1_000;

    public SearchRequest {
        if (topK < 1 || topK > MAX_TOP_K) {
            throw new IllegalArgumentException("topK must be 1 to " + MAX_TOP_K + ", but was " + topK);
        }
    }

    public SearchRequest(Embedding query, int topK) {
        this(query, topK, MetadataFilter.ANY);
    }
}
