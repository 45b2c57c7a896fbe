package dev.sightline.trainer.training;

import dev.sightline.domain.AttributeSchema;
import dev.sightline.towers.Preprocessing;
import dev.sightline.towers.TowerSettings;
import java.util.Locale;

/** A named way to train, so that two of them can be compared on the same data and the same number of images seen. */
public enum TrainingRecipe {
    /**
     * Ours: log-probabilities of attributes, learned with rankings of queries of one to six attributes, and averaged
     * weights.
     */
    DEFAULT,
    /** That of Gomez, "Face images retrieval with attributes modifications" (2020), on our backbone. */
    CLASSIC,
    /** Independent logistic heads on our backbone, ranked by summed log-probability: the strong baseline. */
    LOGISTIC;

    /** From this many images on, a dataset is taken for photographs, which want more pixels and fewer passes. */
    private static final int PHOTOGRAPHS = 5_000;

    /**
     * Settings for so many images: photographs at 96×96 for 16 epochs, smaller datasets at 64×64 for 36. Two cores take
     * about seven and three minutes.
     */
    public TrainingSettings settings(AttributeSchema schema, int images) {
        boolean photographs = images > PHOTOGRAPHS;
        int inputSize = photographs ? 96 : 64;
        int epochs = photographs ? 16 : 36;
        return switch (this) {
            case DEFAULT -> {
                TowerSettings towers = TowerSettings.DEFAULT.logProbabilities(schema.size());
                yield new TrainingSettings(
                        this,
                        towers,
                        new Preprocessing(inputSize, photographs),
                        RankingLoss.SMOOTH_TRIPLET.objective(towers),
                        new Optimisation.AdamWithCosine(3e-3f, 0.05f),
                        Augmentation.Strength.MILD,
                        new TrainingSettings.Schedule(epochs, 64, 0.99f, 1));
            }
            case CLASSIC ->
                new TrainingSettings(
                        this,
                        TowerSettings.DEFAULT.classic(),
                        new Preprocessing(inputSize),
                        new Objective.ClassicTriplets(0.1f),
                        new Optimisation.SgdWithSteps(0.1f, 1e-4f, 0.9f, 5),
                        Augmentation.Strength.NONE,
                        new TrainingSettings.Schedule(epochs, 96, 0, 1));
            case LOGISTIC ->
                new TrainingSettings(
                        this,
                        TowerSettings.DEFAULT.logistic(schema.size()),
                        new Preprocessing(inputSize, photographs),
                        new Objective.Likelihood(),
                        new Optimisation.AdamWithCosine(2e-3f, 0.05f),
                        Augmentation.Strength.MILD,
                        new TrainingSettings.Schedule(epochs, 64, 0, 1));
        };
    }

    /** As it is named on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
