package dev.sightline.trainer.gate;

import java.util.List;
import java.util.Locale;

/**
 * What the gate found.
 *
 * @param promoted whether the candidate may replace the active version
 * @param candidate its mean macro precision@10
 * @param active that of the active version on the same queries
 * @param regressions attributes that lose more than allowed, worst first
 * @param reasons why not; empty if promoted
 */
public record GateVerdict(
        boolean promoted, double candidate, double active, List<AttributeChange> regressions, List<String> reasons) {

    /** Precision@10 over the queries that name an attribute. */
    public record AttributeChange(String attribute, double active, double candidate, int queries) {
        public double loss() {
            return active - candidate;
        }
    }

    public GateVerdict {
        regressions = List.copyOf(regressions);
        reasons = List.copyOf(reasons);
    }

    /** In one line, for the reason of a state change. */
    public String summary() {
        String figures =
                String.format(Locale.ROOT, "precision@10 %.3f against %.3f of the active version", candidate, active);
        return promoted ? figures : figures + "; " + String.join("; ", reasons);
    }
}
