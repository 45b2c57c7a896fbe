package dev.sightline.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sightline.domain.Label;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QuerySamplerTest {
    private static final int ATTRIBUTES = 6;
    private static final int QUERIES = 400;

    private final Random random = new Random(5);
    private final List<Label> images =
            IntStream.range(0, 20).mapToObj(i -> label()).toList();
    private final QueryBatch batch = sample(QueryDistribution.DEFAULT);

    @Test
    void relationsAreThoseOfTheLabels() {
        for (int q = 0; q < QUERIES; q++) {
            for (int i = 0; i < images.size(); i++) {
                int contradicted = 0;
                boolean allKnown = true;
                for (int a = 0; a < ATTRIBUTES; a++) {
                    float asked = batch.queries()[q * ATTRIBUTES + a];
                    byte known = images.get(i).at(a);
                    contradicted += asked != 0 && known == -asked ? 1 : 0;
                    allKnown &= asked == 0 || known != Label.UNKNOWN;
                }
                int pair = q * images.size() + i;
                assertThat(batch.disagreements()[pair]).isEqualTo(contradicted);
                assertThat(batch.negatives()[pair]).isEqualTo(contradicted > 0 ? 1 : 0);
                assertThat(batch.positives()[pair]).isEqualTo(contradicted == 0 && allKnown ? 1 : 0);
            }
        }
    }

    @Test
    void everyQueryFromALabelIsAnsweredByAnImageOfTheBatch() {
        for (int q = 0; q < QUERIES; q += 2) {
            float answered = 0;
            for (int i = 0; i < images.size(); i++) {
                answered += batch.positives()[q * images.size() + i];
            }
            assertThat(answered).isPositive();
        }
    }

    @Test
    void everySecondQueryFlipsOneOrTwoAttributesOfTheOneBefore() {
        for (int q = 1; q < QUERIES; q += 2) {
            int flips = 0;
            for (int a = 0; a < ATTRIBUTES; a++) {
                float before = batch.queries()[(q - 1) * ATTRIBUTES + a];
                float after = batch.queries()[q * ATTRIBUTES + a];
                assertThat(Math.abs(after)).isEqualTo(Math.abs(before));
                flips += before != after ? 1 : 0;
            }
            assertThat(flips).isBetween(1, 2);
        }
    }

    @Test
    void asksOneToSixAttributesAndOneMostOften() {
        int[] sizes = sizes(batch);
        assertThat(sizes[0]).isZero();
        assertThat(sizes[1]).isGreaterThan(sizes[3]);
        assertThat(sizes[2]).isPositive();
    }

    @Test
    void asksWhatItIsTold() {
        int[] sizes = sizes(sample(new QueryDistribution(List.of(0.0, 1.0, 0.0, 1.0), 0.5)));
        assertThat(sizes[2] + sizes[4]).isEqualTo(QUERIES / 2);
        assertThat(sizes[2]).isBetween(QUERIES / 8, 3 * QUERIES / 8);
    }

    @Test
    void aBalancedDistributionAsksRareValuesOftener() {
        List<Label> oneInTwenty = IntStream.range(0, 20)
                .mapToObj(i -> Label.of(new byte[] {(byte) (i == 0 ? 1 : -1), 1}))
                .toList();
        assertThat(askedPresent(oneInTwenty, 1)).isGreaterThan(2 * askedPresent(oneInTwenty, 0));
    }

    @Test
    void refusesADistributionThatAsksNothing() {
        assertThatThrownBy(() -> new QueryDistribution(List.of(0.0), 0.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not all 0");
        assertThatThrownBy(() -> new QueryDistribution(List.of(1.0), 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("balance is from 0 to 1");
    }

    private QueryBatch sample(QueryDistribution distribution) {
        return new QuerySampler(images, ATTRIBUTES, QUERIES, distribution).sample(images, random);
    }

    /** How many of the queries read off labels ask 0, 1, 2, … attributes. */
    private static int[] sizes(QueryBatch batch) {
        int[] sizes = new int[ATTRIBUTES + 1];
        for (int q = 0; q < QUERIES; q += 2) {
            int size = 0;
            for (int a = 0; a < ATTRIBUTES; a++) {
                size += batch.queries()[q * ATTRIBUTES + a] != 0 ? 1 : 0;
            }
            sizes[size]++;
        }
        return sizes;
    }

    /** Of single-attribute queries over two attributes, how many require the first. */
    private static int askedPresent(List<Label> labels, double balance) {
        var distribution = new QueryDistribution(List.of(1.0), balance);
        float[] queries = new QuerySampler(labels, 2, 4_000, distribution)
                .sample(labels, new Random(1))
                .queries();
        int asked = 0;
        for (int q = 0; q < 4_000; q += 2) {
            asked += queries[2 * q] > 0 ? 1 : 0;
        }
        return asked;
    }

    private Label label() {
        byte[] values = new byte[ATTRIBUTES];
        for (int a = 0; a < ATTRIBUTES; a++) {
            values[a] = (byte) (a == 5 ? random.nextInt(3) - 1 : random.nextBoolean() ? 1 : -1);
        }
        return Label.of(values);
    }
}
