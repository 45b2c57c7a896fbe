package dev.sightline.embed;

import dev.sightline.images.ImageLimits;
import dev.sightline.service.config.BatchConfig;
import dev.sightline.service.config.ImagesConfig;
import dev.sightline.service.config.IndexConfig;
import java.time.Duration;

/**
 * How the pipeline works.
 *
 * @param maxBatchSize images a forward pass takes at most
 * @param maxBatchLinger how long the first image of a batch waits for others
 * @param maxInFlight images in the pipeline at once, each holding its decoded pixels
 * @param collectionPrefix before the model version in a collection's name
 */
public record EmbedSettings(
        int maxBatchSize, Duration maxBatchLinger, int maxInFlight, ImageLimits imageLimits, String collectionPrefix) {
    /** How long what a backfill embedded waits for more before it is written. */
    static final Duration SPARE_UPSERT_LINGER = Duration.ofMillis(250);

    public static final EmbedSettings DEFAULT =
            new EmbedSettings(32, Duration.ofMillis(20), 128, ImageLimits.DEFAULT, "sightline");

    /** What the configuration says. */
    public static EmbedSettings of(BatchConfig batches, ImagesConfig images, IndexConfig index) {
        return new EmbedSettings(
                batches.maxBatchSize(),
                batches.maxBatchLinger(),
                batches.maxInFlight(),
                images.limits(),
                index.collectionPrefix());
    }

    public EmbedSettings {
        if (maxBatchSize < 1 || maxInFlight < maxBatchSize) {
            throw new IllegalArgumentException(
                    "maxBatchSize must be positive and maxInFlight at least as many, but were " + maxBatchSize + " and "
                            + maxInFlight);
        }
    }

    /** Images of a backfill that a forward pass takes at most, however fast it is. */
    int maxBackfillBatchSize() {
        return Math.max(1, maxBatchSize / 4);
    }
}
