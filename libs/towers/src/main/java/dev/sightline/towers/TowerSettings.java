package dev.sightline.towers;

/**
 * The shape of both towers.
 *
 * @param backboneWidth channels of the first residual stage; each later stage doubles them (64 is the published ResNet)
 * @param embeddingDimension floats of an embedding; {@link LogProbabilities} needs {@code 2 × attributes + 1} or more
 * @param queryHidden units of each hidden layer of the query tower
 */
public record TowerSettings(
        Backbone backbone, int backboneWidth, TowerDesign design, int embeddingDimension, int queryHidden) {
    public static final TowerSettings DEFAULT = new TowerSettings(Backbone.RESNET18, 32, 129, 256);

    public TowerSettings {
        if (backboneWidth < 4 || embeddingDimension < 2 || queryHidden < 1) {
            throw new IllegalArgumentException("towers need a backbone width of 4 or more, an embedding of 2 or more"
                    + " and a hidden layer of 1 or more, but were given " + backboneWidth + ", " + embeddingDimension
                    + " and " + queryHidden);
        }
    }

    /** @throws IllegalArgumentException if the embedding has no room for so many attributes */
    public void requireRoomFor(int attributes) {
        if (design != TowerDesign.CLASSIC && LogProbabilities.experts(embeddingDimension) < attributes) {
            throw new IllegalArgumentException("an embedding of " + embeddingDimension + " floats has no room for "
                    + attributes + " attributes; it needs " + (2 * attributes + 1) + " or more");
        }
    }

    /** Towers of our own design. */
    public TowerSettings(Backbone backbone, int backboneWidth, int embeddingDimension, int queryHidden) {
        this(backbone, backboneWidth, TowerDesign.LOG_PROBABILITIES, embeddingDimension, queryHidden);
    }

    /** Log-probabilities of exactly so many attributes on this backbone. */
    public TowerSettings logProbabilities(int attributes) {
        return new TowerSettings(
                backbone, backboneWidth, TowerDesign.LOG_PROBABILITIES, 2 * attributes + 1, queryHidden);
    }

    /** Independent logistic heads for so many attributes on this backbone. */
    public TowerSettings logistic(int attributes) {
        return new TowerSettings(backbone, backboneWidth, TowerDesign.LOGISTIC, 2 * attributes + 1, queryHidden);
    }

    /** The published design on this backbone: 300 floats through 300 hidden units. */
    public TowerSettings classic() {
        return new TowerSettings(backbone, backboneWidth, TowerDesign.CLASSIC, 300, 300);
    }
}
