package dev.sightline.trainer.evaluation;

/**
 * How one query went.
 *
 * @param ranking the ordinals found, best first; shared, not to be changed
 */
public record QueryOutcome(JudgedQuery judged, int[] ranking, Measures measures) {
    static QueryOutcome of(JudgedQuery judged, int[] ranking) {
        return new QueryOutcome(judged, ranking, Measures.of(ranking, judged));
    }

    public int size() {
        return judged.query().size();
    }

    public boolean excludes() {
        return !judged.query().exclude().isEmpty();
    }

    /** Hits among the first {@code k} places over k. */
    double precisionAt(int k) {
        int hits = 0;
        for (int i = 0; i < Math.min(k, ranking.length); i++) {
            hits += judged.relevant().get(ranking[i]) ? 1 : 0;
        }
        return (double) hits / k;
    }
}
