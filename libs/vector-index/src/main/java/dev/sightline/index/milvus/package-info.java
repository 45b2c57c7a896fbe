/** The vector index on a Milvus server, 2.3 or newer, over its Java SDK. Nothing outside knows the SDK. */
@NullMarked
package dev.sightline.index.milvus;

import org.jspecify.annotations.NullMarked;
