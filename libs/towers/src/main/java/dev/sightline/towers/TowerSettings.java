package dev.sightline.towers;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sightline.domain.ContentHash;
import java.util.Optional;

/**
 * The shape of both towers.
 *
 * @param backboneWidth channels of the first residual stage; each later stage doubles them (64 is the published ResNet). Of
 *     our own backbones only
 * @param embeddingDimension floats of an embedding; {@link LogProbabilities} needs {@code 2 × attributes + 1} or more
 * @param queryHidden units of each hidden layer of the query tower
 * @param torchScript the file a {@link Backbone#TORCHSCRIPT} was at first, before training changed its weights
 */
public record TowerSettings(
        Backbone backbone,
        int backboneWidth,
        TowerDesign design,
        int embeddingDimension,
        int queryHidden,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<ContentHash> torchScript) {
    public static final TowerSettings DEFAULT = new TowerSettings(Backbone.RESNET18, 32, 129, 256);

    public TowerSettings {
        if (backboneWidth < 4 || embeddingDimension < 2 || queryHidden < 1) {
            throw new IllegalArgumentException("towers need a backbone width of 4 or more, an embedding of 2 or more"
                    + " and a hidden layer of 1 or more, but were given " + backboneWidth + ", " + embeddingDimension
                    + " and " + queryHidden);
        }
        if (torchScript.isPresent() != (backbone == Backbone.TORCHSCRIPT)) {
            throw new IllegalArgumentException("a TorchScript backbone, and no other, comes from a file");
        }
    }

    /** @throws IllegalArgumentException if the embedding has no room for so many attributes */
    public void requireRoomFor(int attributes) {
        if (design != TowerDesign.CLASSIC && LogProbabilities.experts(embeddingDimension) < attributes) {
            throw new IllegalArgumentException("an embedding of " + embeddingDimension + " floats has no room for "
                    + attributes + " attributes; it needs " + (2 * attributes + 1) + " or more");
        }
    }

    /** Towers on a backbone of our own. */
    public TowerSettings(
            Backbone backbone, int backboneWidth, TowerDesign design, int embeddingDimension, int queryHidden) {
        this(backbone, backboneWidth, design, embeddingDimension, queryHidden, Optional.empty());
    }

    /** Towers of our own design, on a backbone of our own. */
    public TowerSettings(Backbone backbone, int backboneWidth, int embeddingDimension, int queryHidden) {
        this(backbone, backboneWidth, TowerDesign.LOG_PROBABILITIES, embeddingDimension, queryHidden);
    }

    /** On a backbone of our own. */
    public TowerSettings on(Backbone other) {
        return new TowerSettings(other, backboneWidth, design, embeddingDimension, queryHidden);
    }

    /** On a backbone that comes as this TorchScript file. */
    public TowerSettings on(ContentHash file) {
        return new TowerSettings(
                Backbone.TORCHSCRIPT, backboneWidth, design, embeddingDimension, queryHidden, Optional.of(file));
    }

    /** Log-probabilities of exactly so many attributes on this backbone. */
    public TowerSettings logProbabilities(int attributes) {
        return ending(TowerDesign.LOG_PROBABILITIES, 2 * attributes + 1, queryHidden);
    }

    /** Independent logistic heads for so many attributes on this backbone. */
    public TowerSettings logistic(int attributes) {
        return ending(TowerDesign.LOGISTIC, 2 * attributes + 1, queryHidden);
    }

    /** The published design on this backbone: 300 floats through 300 hidden units. */
    public TowerSettings classic() {
        return ending(TowerDesign.CLASSIC, 300, 300);
    }

    private TowerSettings ending(TowerDesign newDesign, int newDimension, int newHidden) {
        return new TowerSettings(backbone, backboneWidth, newDesign, newDimension, newHidden, torchScript);
    }
}
