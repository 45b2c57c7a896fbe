package dev.sightline.towers;

/** How both towers end, and so what the inner product of their embeddings says. */
public enum TowerDesign {
    /**
     * Ours. The image tower ends in the log-probabilities of {@link LogProbabilities}: of each attribute, and of as many
     * free experts as the embedding has room for. The query tower starts as the sum of the log-probabilities asked for and
     * learns, by a multilayer perceptron on the ternary query, what to add to it.
     */
    EVIDENCE,
    /**
     * That of Gomez, "Face images retrieval with attributes modifications" (2020): a linear ending on the image side;
     * Linear, BatchNorm, ReLU, Linear on the query side, which reads required attributes as 1 and all others, excluded
     * ones too, as 0.
     */
    CLASSIC,
    /**
     * Independent logistic heads, one an attribute, as {@link LogProbabilities}. The query side has nothing to learn: it
     * picks the log-probabilities asked for, and the inner product is their sum, scaled.
     */
    LOGISTIC
}
