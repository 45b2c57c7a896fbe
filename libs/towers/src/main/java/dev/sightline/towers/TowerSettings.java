package dev.sightline.towers;

/**
 * The shape of both towers.
 *
 * @param backboneWidth channels of the first residual stage; each later stage doubles them (64 is the published ResNet)
 * @param embeddingDimension floats of an embedding
 * @param queryHidden units of each of the query tower's two hidden layers
 */
public record TowerSettings(Backbone backbone, int backboneWidth, int embeddingDimension, int queryHidden) {
    public static final TowerSettings DEFAULT = new TowerSettings(Backbone.RESNET18, 32, 256, 512);

    public TowerSettings {
        if (backboneWidth < 4 || embeddingDimension < 2 || queryHidden < 1) {
            throw new IllegalArgumentException("towers need a backbone width of 4 or more, an embedding of 2 or more"
                    + " and a hidden layer of 1 or more, but were given " + backboneWidth + ", " + embeddingDimension
                    + " and " + queryHidden);
        }
    }
}
