/**
 * From Kafka to the vector index: fetch, decode, batch, forward, upsert, commit. {@link dev.sightline.embed.EmbedPipeline}
 * is the flow; everything else here is one of its stages. What a consumer does with offsets is in {@code libs/events}.
 */
@NullMarked
package dev.sightline.embed;

import org.jspecify.annotations.NullMarked;
