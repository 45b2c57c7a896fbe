package dev.sightline.trainer.evaluation;

import java.util.Random;

/** Draws images from a hat: what a ranking scores by chance, as sampled. The expectation is {@link QuerySet#chance}. */
public record RandomRanking(int gallerySize, long seed) {

    public Ranker ranker() {
        var random = new Random(seed);
        return Ranker.by(queries -> queries.stream()
                .map(query -> {
                    float[] scores = new float[gallerySize];
                    for (int i = 0; i < gallerySize; i++) {
                        scores[i] = random.nextFloat();
                    }
                    return scores;
                })
                .toArray(float[][]::new));
    }
}
