package dev.sightline.trainer.training;

import dev.sightline.towers.Backbone;
import dev.sightline.towers.Preprocessing;
import dev.sightline.towers.TorchScriptFile;
import dev.sightline.towers.TowerSettings;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How to train.
 *
 * @param recipe where these settings come from
 * @param start of the image tower's backbone
 */
public record TrainingSettings(
        TrainingRecipe recipe,
        TowerSettings towers,
        Preprocessing preprocessing,
        Objective objective,
        Optimisation optimisation,
        Augmentation.Strength augmentation,
        BackboneStart start,
        Schedule schedule) {
    /** Weights that were learned before would be lost at the rate at which random ones learn. */
    private static final float FINE_TUNING = 0.1f;

    /**
     * How long, and in what portions.
     *
     * @param epochs passes over the training images
     * @param batchSize images a step
     * @param averaging how much of the running average of the weights stays from step to step, after warming up; the average
     *     is what is judged and kept. 0 for the weights themselves
     */
    public record Schedule(int epochs, int batchSize, float averaging, long seed) {
        public Schedule {
            if (epochs < 1 || batchSize < 2 || !(averaging >= 0 && averaging < 1)) {
                throw new IllegalArgumentException(
                        "training needs epochs ≥ 1, batchSize ≥ 2 and averaging from 0 to below 1, but was given "
                                + epochs + ", " + batchSize + " and " + averaging);
            }
        }
    }

    /** With a backbone of our own that learns from the first step. */
    public TrainingSettings(
            TrainingRecipe recipe,
            TowerSettings towers,
            Preprocessing preprocessing,
            Objective objective,
            Optimisation optimisation,
            Augmentation.Strength augmentation,
            Schedule schedule) {
        this(recipe, towers, preprocessing, objective, optimisation, augmentation, BackboneStart.DEFAULT, schedule);
    }

    public int inputSize() {
        return preprocessing.inputSize();
    }

    public TrainingSettings withEpochs(int epochs) {
        var newSchedule = new Schedule(epochs, schedule.batchSize(), schedule.averaging(), schedule.seed());
        return new TrainingSettings(
                recipe, towers, preprocessing, objective, optimisation, augmentation, start, newSchedule);
    }

    public TrainingSettings withObjective(Objective newObjective) {
        return new TrainingSettings(
                recipe, towers, preprocessing, newObjective, optimisation, augmentation, start, schedule);
    }

    public TrainingSettings withAugmentation(Augmentation.Strength strength) {
        return new TrainingSettings(recipe, towers, preprocessing, objective, optimisation, strength, start, schedule);
    }

    /** On a backbone of our own. */
    public TrainingSettings withBackbone(Backbone backbone) {
        return new TrainingSettings(
                recipe,
                towers.on(backbone),
                preprocessing,
                objective,
                optimisation,
                augmentation,
                new BackboneStart(Optional.empty(), start.frozenEpochs()),
                schedule);
    }

    /** On a pretrained backbone: its pixels as ImageNet has them, and a tenth of the learning rate. */
    public TrainingSettings withBackbone(TorchScriptFile backbone) {
        return new TrainingSettings(
                recipe,
                towers.on(backbone.sha256()),
                preprocessing.normalisedAsImageNet(),
                objective,
                optimisation.scaled(FINE_TUNING),
                augmentation,
                new BackboneStart(Optional.of(backbone), start.frozenEpochs()),
                schedule);
    }

    /** With the backbone as it is for so many epochs. */
    public TrainingSettings withFrozenEpochs(int frozenEpochs) {
        var frozen = new BackboneStart(start.torchScript(), frozenEpochs);
        return new TrainingSettings(
                recipe, towers, preprocessing, objective, optimisation, augmentation, frozen, schedule);
    }

    /** By name, for the bundle. */
    public Map<String, String> describe() {
        Map<String, String> settings = new TreeMap<>();
        settings.put("recipe", recipe.toString());
        settings.put("objective", objective.toString());
        settings.put("optimisation", optimisation.toString());
        settings.put("augmentation", augmentation.toString());
        settings.put("epochs", Integer.toString(schedule.epochs()));
        settings.put("batchSize", Integer.toString(schedule.batchSize()));
        settings.put("averaging", Float.toString(schedule.averaging()));
        settings.put("seed", Long.toString(schedule.seed()));
        settings.put("frozenEpochs", Integer.toString(start.frozenEpochs()));
        start.torchScript()
                .ifPresent(file -> settings.put("backbone", file.path().getFileName() + " " + file.sha256()));
        return settings;
    }
}
