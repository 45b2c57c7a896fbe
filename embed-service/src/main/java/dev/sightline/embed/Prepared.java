package dev.sightline.embed;

import dev.sightline.domain.ContentHash;
import dev.sightline.domain.ImageId;
import dev.sightline.domain.ImageMetadata;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * An image on its way from decoding to the index.
 *
 * @param models the versions it is for
 * @param pixels for each of them, in order, its prepared pixels
 * @param written completes when every collection has it
 */
record Prepared(
        ImageId id,
        ContentHash contentHash,
        ImageMetadata metadata,
        long ordering,
        List<LiveModel> models,
        List<byte[]> pixels,
        CompletableFuture<Void> written) {}
