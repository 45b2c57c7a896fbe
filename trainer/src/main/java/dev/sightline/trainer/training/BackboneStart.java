package dev.sightline.trainer.training;

import dev.sightline.towers.TorchScriptFile;
import java.util.Optional;

/**
 * How the image tower's backbone begins to learn.
 *
 * @param torchScript the file it is loaded from, if it is not one of our own
 * @param frozenEpochs for so many epochs it stays as it is, running statistics included, and only the head and the query
 *     tower learn
 */
public record BackboneStart(Optional<TorchScriptFile> torchScript, int frozenEpochs) {
    /** Learns from the first step. */
    public static final BackboneStart DEFAULT = new BackboneStart(Optional.empty(), 0);

    public BackboneStart {
        if (frozenEpochs < 0) {
            throw new IllegalArgumentException(
                    "a backbone is frozen for 0 or more epochs, but was given " + frozenEpochs);
        }
    }
}
