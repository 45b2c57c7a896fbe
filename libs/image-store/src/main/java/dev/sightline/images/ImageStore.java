package dev.sightline.images;

import dev.sightline.domain.ContentHash;
import java.util.Optional;

/**
 * Image bytes by their SHA-256. Re-embedding, thumbnails and retraining read them long after Kafka has forgotten the
 * event.
 *
 * <p>All methods block and may be called from any thread. Failures are {@link ImageStoreUnavailableException}: the same
 * call may succeed later.
 */
public interface ImageStore {

    /** Keeps the bytes; once it returns they survive a crash. The same bytes again change nothing. */
    ContentHash put(byte[] bytes);

    /** The bytes, checked against their hash; empty if they are not here. */
    Optional<byte[]> get(ContentHash hash);

    boolean contains(ContentHash hash);

    /** Forgets the bytes; nothing happens if they are not here. */
    void delete(ContentHash hash);
}
