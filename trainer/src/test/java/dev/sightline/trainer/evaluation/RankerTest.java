package dev.sightline.trainer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sightline.domain.AttributeQuery;
import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.Embedding;
import dev.sightline.domain.Label;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RankerTest {
    private static final AttributeSchema SCHEMA = new AttributeSchema("two", List.of("Male", "Smiling"));

    @Property(tries = 300)
    void theBestAreThoseOfASortedRow(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 60) int size,
            @ForAll @IntRange(min = 1, max = 15) int k) {
        var random = new Random(seed);
        float[] scores = new float[size];
        var eligible = new BitSet(size);
        for (int i = 0; i < size; i++) {
            scores[i] = random.nextInt(6) / 6f;
            eligible.set(i, random.nextInt(4) > 0);
        }
        int[] expected = eligible.stream()
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]).thenComparing(i -> i))
                .limit(k)
                .mapToInt(Integer::intValue)
                .toArray();

        assertThat(TopK.of(scores, eligible, k)).containsExactly(expected);
    }

    @Test
    void theMatrixProductIsTheInnerProductOfEachPair() {
        var random = new Random(4);
        List<Embedding> gallery = embeddings(random, 70, 9);
        List<Embedding> queries = embeddings(random, 5, 9);
        try (EmbeddedGallery embedded = EmbeddedGallery.of(gallery)) {
            float[][] scores = embedded.scores(queries);

            for (int q = 0; q < 5; q++) {
                for (int i = 0; i < 70; i++) {
                    assertThat(scores[q][i]).isCloseTo(queries.get(q).score(gallery.get(i)), within(1e-5f));
                }
            }
        }
    }

    @Test
    void ranksEveryQueryOfManyBatchesInOrder() {
        GalleryLabels gallery = gallery(40);
        List<JudgedQuery> queries = IntStream.range(0, 700)
                .mapToObj(i -> gallery.judge(AttributeQuery.of(List.of(i % 2 == 0 ? "Male" : "Smiling"), List.of())))
                .toList();
        Ranker ranker = Ranker.by(asked -> asked.stream()
                .map(query -> scoresFavouring(query.require().contains("Male") ? 3 : 7))
                .toArray(float[][]::new));

        List<int[]> rankings = ranker.rank(queries, 1);

        assertThat(rankings).hasSize(700);
        for (int i = 0; i < 700; i++) {
            assertThat(rankings.get(i)).containsExactly(i % 2 == 0 ? 3 : 7);
        }
    }

    @Test
    void leavesOutWhatASearcherFindsButNoOneJudged() {
        var gallery = new GalleryLabels(
                SCHEMA,
                List.of(Label.of(new byte[] {1, 0}), Label.of(new byte[] {0, 0}), Label.of(new byte[] {-1, 0})));
        JudgedQuery male = gallery.judge(AttributeQuery.of(List.of("Male"), List.of()));

        assertThat(Ranker.asking(query -> List.of(1, 2, 0))
                        .rank(List.of(male), 10)
                        .getFirst())
                .containsExactly(2, 0);
    }

    @Test
    void independentClassifiersRankByTheSumOfLogProbabilities() {
        // log σ(2) + log σ(−(−1)) = −0.127 − 0.313; the second image −0.313 − 1.313; the third −0.049 − 2.127
        float[][] logits = {{2, -1}, {1, 1}, {3, 2}};
        GalleryLabels gallery = gallery(3);
        JudgedQuery query = gallery.judge(AttributeQuery.of(List.of("Male"), List.of("Smiling")));
        query.judged().set(0, 3);

        assertThat(new AttributeProbabilities(SCHEMA, logits)
                        .ranker()
                        .rank(List.of(query), 3)
                        .getFirst())
                .containsExactly(0, 1, 2);
    }

    @Test
    void refusesLogitsOfAnotherSchema() {
        assertThatThrownBy(() -> new AttributeProbabilities(SCHEMA, new float[][] {{1, 2, 3}}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("each of the 2 attributes of schema 'two', but one has 3");
    }

    @Test
    void aRandomRankingScoresWhatChanceSays() {
        GalleryLabels gallery = gallery(400);
        List<QuerySet> sets = QuerySet.upTo(1, gallery, 100, 1);
        QuerySet many = new QuerySet(
                1,
                IntStream.range(0, 2_000)
                        .mapToObj(i -> sets.getFirst()
                                .queries()
                                .get(i % sets.getFirst().queries().size()))
                        .toList(),
                4,
                4,
                4);

        var evaluation = RetrievalEvaluation.of(List.of(many), new RandomRanking(400, 3).ranker(), 10);

        assertThat(evaluation.scores().getFirst().precisionAt10()).isCloseTo(many.chance(), within(0.02));
        JudgedQuery query = many.queries().getFirst();
        List<int[]> twice = new RandomRanking(400, 3).ranker().rank(List.of(query, query), 10);
        assertThat(twice.get(0)).as("drawn anew for each query").isNotEqualTo(twice.get(1));
    }

    private static float[] scoresFavouring(int ordinal) {
        float[] scores = new float[40];
        scores[ordinal] = 1;
        return scores;
    }

    private static GalleryLabels gallery(int images) {
        var random = new Random(7);
        List<Label> labels = new ArrayList<>();
        for (int i = 0; i < images; i++) {
            labels.add(Label.of(
                    new byte[] {(byte) (random.nextDouble() < 0.4 ? 1 : -1), (byte) (random.nextDouble() < 0.2 ? 1 : -1)
                    }));
        }
        return new GalleryLabels(SCHEMA, labels);
    }

    private static List<Embedding> embeddings(Random random, int count, int dimension) {
        List<Embedding> embeddings = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] values = new float[dimension];
            for (int d = 0; d < dimension; d++) {
                values[d] = (float) random.nextGaussian();
            }
            embeddings.add(Embedding.normalised(values));
        }
        return embeddings;
    }
}
