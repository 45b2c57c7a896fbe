package dev.sightline.trainer.evaluation;

import dev.sightline.domain.AttributeQuery;
import java.util.BitSet;

/**
 * A query and what is known of its answers. Bits are ordinals of the gallery; the sets are shared, not to be changed.
 *
 * @param relevant the images known to answer
 * @param judged the images known to answer or known not to. An image of which an asked attribute is unknown, and no other
 *     contradicts, is neither: rankings are measured without it (the condensed lists of Sakai, "Alternatives to Bpref",
 *     SIGIR 2007)
 */
public record JudgedQuery(AttributeQuery query, BitSet relevant, BitSet judged) {

    public int relevantCount() {
        return relevant.cardinality();
    }

    /** What a random ranking scores: the share of judged images that is relevant. */
    public double chance() {
        int judgedCount = judged.cardinality();
        return judgedCount == 0 ? 0 : (double) relevantCount() / judgedCount;
    }
}
