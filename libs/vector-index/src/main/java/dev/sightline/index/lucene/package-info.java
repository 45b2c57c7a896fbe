/** The vector index on Lucene's HNSW graphs, in this process and in one directory: for one machine, and for tests. */
@NullMarked
package dev.sightline.index.lucene;

import org.jspecify.annotations.NullMarked;
