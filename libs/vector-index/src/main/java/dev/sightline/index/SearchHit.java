package dev.sightline.index;

import dev.sightline.domain.ContentHash;
import dev.sightline.domain.ImageId;
import dev.sightline.domain.ImageMetadata;

/** One result. @param score cosine similarity to the query, −1..1, higher is closer */
public record SearchHit(ImageId id, ContentHash contentHash, float score, ImageMetadata metadata) {
    public SearchHit withScore(double other) {
        return new SearchHit(id, contentHash, (float) other, metadata);
    }
}
