package dev.sightline.trainer.training;

import dev.sightline.towers.Preprocessing;
import dev.sightline.towers.TowerSettings;
import java.util.Map;
import java.util.TreeMap;

/**
 * How to train.
 *
 * @param recipe where these settings come from
 * @param epochs passes over the training images
 * @param batchSize images a step
 * @param averaging how much of the running average of the weights stays from step to step, after warming up; the average is
 *     what is judged and kept. 0 for the weights themselves
 */
public record TrainingSettings(
        TrainingRecipe recipe,
        TowerSettings towers,
        Preprocessing preprocessing,
        Objective objective,
        Optimisation optimisation,
        Augmentation.Strength augmentation,
        int epochs,
        int batchSize,
        float averaging,
        long seed) {

    public TrainingSettings {
        if (epochs < 1 || batchSize < 2 || !(averaging >= 0 && averaging < 1)) {
            throw new IllegalArgumentException(
                    "training needs epochs ≥ 1, batchSize ≥ 2 and averaging from 0 to below 1," + " but was given "
                            + epochs + ", " + batchSize + " and " + averaging);
        }
    }

    public int inputSize() {
        return preprocessing.inputSize();
    }

    public TrainingSettings withEpochs(int newEpochs) {
        return new TrainingSettings(
                recipe,
                towers,
                preprocessing,
                objective,
                optimisation,
                augmentation,
                newEpochs,
                batchSize,
                averaging,
                seed);
    }

    public TrainingSettings withObjective(Objective newObjective) {
        return new TrainingSettings(
                recipe,
                towers,
                preprocessing,
                newObjective,
                optimisation,
                augmentation,
                epochs,
                batchSize,
                averaging,
                seed);
    }

    public TrainingSettings withSeed(long newSeed) {
        return new TrainingSettings(
                recipe,
                towers,
                preprocessing,
                objective,
                optimisation,
                augmentation,
                epochs,
                batchSize,
                averaging,
                newSeed);
    }

    /** By name, for the bundle. */
    public Map<String, String> describe() {
        Map<String, String> settings = new TreeMap<>();
        settings.put("recipe", recipe.toString());
        settings.put("objective", objective.toString());
        settings.put("optimisation", optimisation.toString());
        settings.put("augmentation", augmentation.toString());
        settings.put("epochs", Integer.toString(epochs));
        settings.put("batchSize", Integer.toString(batchSize));
        settings.put("averaging", Float.toString(averaging));
        settings.put("seed", Long.toString(seed));
        return settings;
    }
}
