package dev.sightline.trainer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sightline.domain.AttributeQuery;
import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.Label;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RetrievalEvaluationTest {
    private static final AttributeSchema SCHEMA = new AttributeSchema("three", List.of("Male", "Smiling", "Bald"));

    /** 40 images: every fourth smiles, every second is male. */
    private static final GalleryLabels GALLERY = gallery();

    private static final JudgedQuery SMILING = judge(List.of("Smiling"), List.of());
    private static final JudgedQuery NOT_MALE = judge(List.of(), List.of("Male"));

    @Test
    void averagesOverQueriesAndOverTheirRelevantImages() {
        // Smiling: 0, 4, 8, … are relevant, 10 of 40. Not male: the odd ones, 20 of 40.
        Ranker ranker = fixed(
                new int[] {0, 4, 8, 12, 16, 1, 2, 3, 5, 6}, // 5 of 10 right
                new int[] {1, 3, 5, 7, 9, 11, 13, 15, 17, 19}); // 10 of 10 right

        var evaluation = RetrievalEvaluation.of(List.of(set(SMILING, NOT_MALE)), ranker, 10);

        RetrievalScore score = evaluation.scores().getFirst();
        assertThat(score.precisionAt10()).as("macro").isCloseTo((0.5 + 1) / 2, within(1e-12));
        assertThat(score.micro().precisionAt10())
                .as("10 and 20 relevant images")
                .isCloseTo((10 * 0.5 + 20 * 1) / 30, within(1e-12));
        assertThat(score.recallAt10()).isCloseTo((0.5 + 0.5) / 2, within(1e-12));
        assertThat(score.meanAveragePrecisionAt10()).isCloseTo((0.5 + 1) / 2, within(1e-12));
        assertThat(score.chance()).isCloseTo((0.25 + 0.5) / 2, within(1e-12));
        assertThat(score.leftOut()).isEqualTo(4);
    }

    @Test
    void tellsQueriesWithExclusionsFromThoseWithout() {
        var evaluation = RetrievalEvaluation.of(
                List.of(set(SMILING, NOT_MALE)), fixed(new int[] {0, 4}, new int[] {1, 3, 5}), 10);

        assertThat(evaluation.withoutExclusions().getFirst().precisionAt10()).isCloseTo(0.2, within(1e-12));
        assertThat(evaluation.withExclusions().getFirst().precisionAt10()).isCloseTo(0.3, within(1e-12));
    }

    @Test
    void scoresEachAttributeByTheQueriesThatNameIt() {
        JudgedQuery both = judge(List.of("Smiling"), List.of("Male"));
        var evaluation = RetrievalEvaluation.of(
                List.of(set(SMILING, NOT_MALE), new QuerySet(2, List.of(both), 12, 12, 1)),
                (queries, depth) ->
                        queries.size() == 2 ? List.of(new int[] {0, 4}, new int[] {1, 3, 5}) : List.of(new int[] {0}),
                10);

        List<AttributeScore> byAttribute = evaluation.byAttribute(SCHEMA.attributes());

        assertThat(byAttribute).extracting(AttributeScore::attribute).containsExactly("Male", "Smiling", "Bald");
        assertThat(byAttribute.get(0)).isEqualTo(new AttributeScore("Male", 0, 0, 0.15, 2));
        assertThat(byAttribute.get(1)).isEqualTo(new AttributeScore("Smiling", 0.1, 2, 0, 0));
        assertThat(byAttribute.get(1).precisionAt10()).isCloseTo(0.1, within(1e-12));
        assertThat(byAttribute.get(2).queries()).isZero();
    }

    @Test
    void drawsPrecisionByDepthAndNamesTheWorstQueries() {
        var evaluation = RetrievalEvaluation.of(
                List.of(set(SMILING, NOT_MALE)), fixed(new int[] {0, 1, 4, 2}, new int[] {1, 3, 5, 7}), 4);

        assertThat(evaluation.precisionCurve(1, 4))
                .containsExactly(
                        new double[] {(1 + 1) / 2.0, (0.5 + 1) / 2, (2 / 3.0 + 1) / 2, (0.5 + 1) / 2}, within(1e-12));
        assertThat(evaluation.worst(1)).singleElement().satisfies(outcome -> {
            // 0.4 of 10 against a chance of 0.5 is worse than 0.2 against 0.25
            assertThat(outcome.judged()).isEqualTo(NOT_MALE);
        });
    }

    @Test
    void aPerfectRankerScoresOneEverywhere() {
        List<QuerySet> sets = QuerySet.upTo(3, GALLERY, 100, 1);

        var evaluation = RetrievalEvaluation.of(sets, perfect(), 10);

        assertThat(evaluation.scores())
                .filteredOn(score -> score.queries() > 0)
                .isNotEmpty()
                .allSatisfy(score -> {
                    assertThat(score.precisionAt10()).isEqualTo(1);
                    assertThat(score.ndcgAt10()).isCloseTo(1, within(1e-12));
                });
        assertThat(evaluation.meanPrecisionAt10()).isEqualTo(1);
    }

    @Property(tries = 50)
    void bringingARelevantImageForwardNeverLowersAMeasure(@ForAll long seed) {
        var random = new Random(seed);
        int[] ranking = random.ints(0, GALLERY.size()).distinct().limit(10).toArray();
        Measures before = Measures.of(ranking, SMILING);
        for (int place = 1; place < ranking.length; place++) {
            if (SMILING.relevant().get(ranking[place]) && !SMILING.relevant().get(ranking[place - 1])) {
                int moved = ranking[place];
                ranking[place] = ranking[place - 1];
                ranking[place - 1] = moved;
                break;
            }
        }
        Measures after = Measures.of(ranking, SMILING);

        assertThat(after.precisionAt10()).isEqualTo(before.precisionAt10());
        assertThat(after.averagePrecisionAt10()).isGreaterThanOrEqualTo(before.averagePrecisionAt10() - 1e-12);
        assertThat(after.ndcgAt10()).isBetween(before.ndcgAt10() - 1e-12, 1 + 1e-12);
    }

    private static Ranker fixed(int[]... rankings) {
        return (queries, depth) -> List.of(rankings);
    }

    private static Ranker perfect() {
        return (queries, depth) -> queries.stream()
                .map(judged -> judged.relevant().stream().limit(depth).toArray())
                .toList();
    }

    private static QuerySet set(JudgedQuery... queries) {
        return new QuerySet(1, List.of(queries), 6, 6, 2);
    }

    private static JudgedQuery judge(List<String> require, List<String> exclude) {
        return GALLERY.judge(AttributeQuery.of(require, exclude));
    }

    private static GalleryLabels gallery() {
        List<Label> labels = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            labels.add(Label.of(
                    new byte[] {(byte) (i % 2 == 0 ? 1 : -1), (byte) (i % 4 == 0 ? 1 : -1), (byte) (i < 12 ? 1 : -1)}));
        }
        return new GalleryLabels(SCHEMA, labels);
    }
}
