/**
 * The vector index port: collections of embeddings, one collection per model version. Adapters live in {@code lucene}
 * (embedded) and {@code milvus} (production); this package knows neither.
 */
@NullMarked
package dev.sightline.index;

import org.jspecify.annotations.NullMarked;
