package dev.sightline.trainer.training;

import dev.sightline.towers.LogProbabilities;
import dev.sightline.towers.TowerSettings;
import dev.sightline.trainer.loss.MinedTripletLoss;
import dev.sightline.trainer.loss.PairLoss;
import dev.sightline.trainer.loss.SigmoidLoss;
import dev.sightline.trainer.loss.SmoothTripletLoss;
import dev.sightline.trainer.loss.SupervisedContrastiveLoss;
import java.util.Locale;

/** The ranking losses that can stand beside the likelihood, each with what suits the scale of log-probabilities. */
public enum RankingLoss {
    SMOOTH_TRIPLET,
    SEMI_HARD,
    BATCH_HARD,
    SUPERVISED_CONTRASTIVE,
    SIGMOID;

    private static final int QUERIES_PER_STEP = 256;

    /**
     * What a nat of ranking loss counts beside a nat of likelihood. The query tower learns from rankings alone, and its steps
     * do not depend on the scale of its gradients; ten times as much, and the image tower ranks worse.
     */
    private static final float WEIGHT = 0.01f;

    /** A query whose log-probability is log ½ is an even bet. */
    private static final float EVEN = (float) Math.log(2);

    /** Temperatures and margins of one nat: in cosine similarity, one over {@link LogProbabilities#scale}. */
    public Objective.Ranking objective(TowerSettings towers) {
        float nat = 1 / LogProbabilities.scale(towers.embeddingDimension());
        return switch (this) {
            case SMOOTH_TRIPLET -> objective(new SmoothTripletLoss(nat, nat), WEIGHT);
            case SEMI_HARD -> objective(new MinedTripletLoss(MinedTripletLoss.Mining.SEMI_HARD, nat), WEIGHT / nat);
            case BATCH_HARD -> objective(new MinedTripletLoss(MinedTripletLoss.Mining.BATCH_HARD, nat), WEIGHT / nat);
            case SUPERVISED_CONTRASTIVE -> objective(new SupervisedContrastiveLoss(nat), WEIGHT);
            case SIGMOID -> objective(new SigmoidLoss(nat, EVEN), WEIGHT);
        };
    }

    private static Objective.Ranking objective(PairLoss loss, float weight) {
        return new Objective.Ranking(QUERIES_PER_STEP, QueryDistribution.DEFAULT, loss, weight);
    }

    /** As it is named on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
