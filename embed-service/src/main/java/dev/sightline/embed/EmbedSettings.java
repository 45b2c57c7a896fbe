package dev.sightline.embed;

import dev.sightline.images.ImageLimits;
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
    public static final EmbedSettings DEFAULT =
            new EmbedSettings(32, Duration.ofMillis(20), 128, ImageLimits.DEFAULT, "sightline");

    public EmbedSettings {
        if (maxBatchSize < 1 || maxInFlight < maxBatchSize) {
            throw new IllegalArgumentException(
                    "maxBatchSize must be positive and maxInFlight at least as many, but were " + maxBatchSize + " and "
                            + maxInFlight);
        }
    }
}
