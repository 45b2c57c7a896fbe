package dev.sightline.trainer.training;

import dev.sightline.towers.TowerSettings;
import java.util.Map;
import java.util.TreeMap;

/**
 * How to train.
 *
 * @param inputSize pixels a side
 * @param epochs passes over the training images
 * @param batchSize images a step
 * @param queriesPerStep queries every image of a step is scored against
 * @param learningRate at its highest, after warming up over the first 5% of steps; then a cosine down to 0
 * @param patience epochs without a better validation score before stopping early
 */
public record TrainingSettings(
        TowerSettings towers,
        int inputSize,
        int epochs,
        int batchSize,
        int queriesPerStep,
        float learningRate,
        float weightDecay,
        float margin,
        float temperature,
        int patience,
        long seed) {

    public TrainingSettings {
        if (epochs < 1 || batchSize < 2 || queriesPerStep < 2 || !(learningRate > 0) || patience < 1) {
            throw new IllegalArgumentException(
                    "training needs epochs ≥ 1, batchSize ≥ 2, queriesPerStep ≥ 2, a positive"
                            + " learning rate and patience ≥ 1");
        }
    }

    /** About three minutes on two cores for 3,000 images. */
    public static TrainingSettings small() {
        return new TrainingSettings(TowerSettings.DEFAULT, 64, 36, 64, 256, 1e-3f, 0.05f, 0.1f, 0.1f, 8, 1);
    }

    /** For photographs: about nine minutes on two cores for 8,000. */
    public static TrainingSettings photos() {
        return new TrainingSettings(TowerSettings.DEFAULT, 96, 16, 64, 256, 1e-3f, 0.05f, 0.1f, 0.1f, 6, 1);
    }

    public TrainingSettings withEpochs(int newEpochs) {
        return new TrainingSettings(
                towers,
                inputSize,
                newEpochs,
                batchSize,
                queriesPerStep,
                learningRate,
                weightDecay,
                margin,
                temperature,
                patience,
                seed);
    }

    /** By name, for the bundle. */
    public Map<String, String> describe() {
        Map<String, String> settings = new TreeMap<>();
        settings.put("epochs", Integer.toString(epochs));
        settings.put("batchSize", Integer.toString(batchSize));
        settings.put("queriesPerStep", Integer.toString(queriesPerStep));
        settings.put("learningRate", Float.toString(learningRate));
        settings.put("weightDecay", Float.toString(weightDecay));
        settings.put("margin", Float.toString(margin));
        settings.put("temperature", Float.toString(temperature));
        settings.put("seed", Long.toString(seed));
        return settings;
    }
}
