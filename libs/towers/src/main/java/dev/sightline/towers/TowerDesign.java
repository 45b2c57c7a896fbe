package dev.sightline.towers;

/** How both towers end, and so what the inner product of their embeddings says. */
public enum TowerDesign {
    /**
     * Ours. The image tower ends in {@link LogProbabilities}, one expert an attribute; the query tower picks those asked
     * for, so that the inner product is the sum of their log-probabilities, scaled. It has nothing to learn: ranking
     * losses reach the image tower through it.
     */
    LOG_PROBABILITIES,
    /**
     * That of Gomez, "Face images retrieval with attributes modifications" (2020): a linear ending on the image side;
     * Linear, BatchNorm, ReLU, Linear on the query side, which reads required attributes as 1 and all others, excluded
     * ones too, as 0.
     */
    CLASSIC
}
