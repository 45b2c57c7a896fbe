package dev.sightline.towers;

/** How both towers end, and so what the inner product of their embeddings says. */
public enum TowerDesign {
    /**
     * Ours. The image tower ends in {@link LogProbabilities}, one expert an attribute. The query tower, a multilayer
     * perceptron on the ternary query, says how much each asked attribute counts beside the others, from half to twice as
     * much, so that the inner product is a weighted sum of the log-probabilities asked for, scaled: it can learn which of
     * several attributes to hear more, but not undo that all of them must hold.
     */
    LOG_PROBABILITIES,
    /**
     * Independent logistic heads: as {@link #LOG_PROBABILITIES} on the image side; every asked attribute counts the same,
     * so the query side has nothing to learn.
     */
    LOGISTIC,
    /**
     * That of Gomez, "Face images retrieval with attributes modifications" (2020): a linear ending on the image side;
     * Linear, BatchNorm, ReLU, Linear on the query side, which reads required attributes as 1 and all others, excluded
     * ones too, as 0.
     */
    CLASSIC
}
