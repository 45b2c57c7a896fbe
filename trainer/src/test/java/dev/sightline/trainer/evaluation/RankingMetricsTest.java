package dev.sightline.trainer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RankingMetricsTest {
    private static final List<Boolean> RANKING = List.of(true, false, true, false, false);

    @Test
    void precisionCountsHitsAmongTheFirstK() {
        assertThat(RankingMetrics.precisionAt(3, RANKING)).isCloseTo(2 / 3.0, within(1e-9));
        assertThat(RankingMetrics.precisionAt(10, RANKING))
                .as("missing places are misses")
                .isEqualTo(0.2);
    }

    @Test
    void recallCountsHitsAmongAllRelevant() {
        assertThat(RankingMetrics.recallAt(3, RANKING, 4)).isEqualTo(0.5);
    }

    @Test
    void averagePrecisionIsThePrecisionAtEachHit() {
        // hits at places 1 and 3: (1/1 + 2/3) / min(5, 4)
        assertThat(RankingMetrics.averagePrecisionAt(5, RANKING, 4)).isCloseTo((1 + 2 / 3.0) / 4, within(1e-9));
    }

    @Test
    void ndcgDiscountsByPlace() {
        // gain 1 + 1/2 over ideal 1 + 1/log2(3)
        assertThat(RankingMetrics.ndcgAt(5, RANKING, 2)).isCloseTo(1.5 / (1 + Math.log(2) / Math.log(3)), within(1e-9));
    }

    @Property(tries = 300)
    void everyMeasureLiesBetweenZeroAndOneAndAPerfectRankingIsOne(
            @ForAll @Size(min = 1, max = 30) List<Boolean> ranking, @ForAll @IntRange(min = 1, max = 20) int k) {
        int total = (int) ranking.stream().filter(Boolean::booleanValue).count();
        for (double value : new double[] {
            RankingMetrics.precisionAt(k, ranking),
            RankingMetrics.recallAt(k, ranking, total),
            RankingMetrics.averagePrecisionAt(k, ranking, total),
            RankingMetrics.ndcgAt(k, ranking, total)
        }) {
            assertThat(value).isBetween(0.0, 1.0 + 1e-9);
        }
        if (total > 0) {
            List<Boolean> perfect =
                    ranking.stream().sorted((a, b) -> Boolean.compare(b, a)).toList();
            assertThat(RankingMetrics.averagePrecisionAt(k, perfect, total)).isCloseTo(1, within(1e-9));
            assertThat(RankingMetrics.ndcgAt(k, perfect, total)).isCloseTo(1, within(1e-9));
        }
    }
}
