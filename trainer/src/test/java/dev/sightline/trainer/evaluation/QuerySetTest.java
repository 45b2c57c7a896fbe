package dev.sightline.trainer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sightline.domain.AttributeQuery;
import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.Label;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QuerySetTest {
    private static final GalleryLabels GALLERY = gallery(12, 200, 1);
    private static final int ALL = Integer.MAX_VALUE;

    @Test
    void triesEveryQueryOfASizeThatCanBeEnumerated() {
        QuerySet one = QuerySet.of(1, GALLERY, ALL, 1);
        QuerySet two = QuerySet.of(2, GALLERY, ALL, 1);

        assertThat(one.tried()).isEqualTo(24);
        assertThat(two.possible()).as("66 pairs, 4 signs each").isEqualTo(264);
        assertThat(two.tried()).isEqualTo(264);
        assertThat(two.queries()).hasSize(two.qualified()).doesNotHaveDuplicates();
        assertThat(two.leftOut()).isEqualTo(264 - two.qualified());
    }

    @Test
    void keepsExactlyTheQueriesWithTenOrMoreAndAtMostHalfTheImages() {
        QuerySet two = QuerySet.of(2, GALLERY, ALL, 1);

        List<AttributeQuery> expected = new ArrayList<>();
        List<String> names = GALLERY.schema().attributes();
        for (int a = 0; a < names.size(); a++) {
            for (int b = a + 1; b < names.size(); b++) {
                for (int signs = 0; signs < 4; signs++) {
                    List<String> require = new ArrayList<>();
                    List<String> exclude = new ArrayList<>();
                    ((signs & 1) == 0 ? require : exclude).add(names.get(a));
                    ((signs & 2) == 0 ? require : exclude).add(names.get(b));
                    var query = AttributeQuery.of(require, exclude);
                    long answers = IntStream.range(0, GALLERY.size())
                            .filter(i -> query.isSatisfiedBy(GALLERY.label(i), GALLERY.schema()))
                            .count();
                    if (answers >= 10 && answers <= 100) {
                        expected.add(query);
                    }
                }
            }
        }
        assertThat(two.queries()).extracting(JudgedQuery::query).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(two.leftOut()).as("there is something to leave out").isPositive();
    }

    @Test
    void thinsAtRandomAndStillSaysHowManyQualify() {
        QuerySet all = QuerySet.of(3, GALLERY, ALL, 5);
        QuerySet some = QuerySet.of(3, GALLERY, 50, 5);

        assertThat(some.queries()).hasSize(50);
        assertThat(some.qualified()).isEqualTo(all.qualified()).isGreaterThan(50);
        assertThat(all.queries()).containsAll(some.queries());
        assertThat(QuerySet.of(3, GALLERY, 50, 5).queries()).isEqualTo(some.queries());
        assertThat(QuerySet.of(3, GALLERY, 50, 6).queries()).isNotEqualTo(some.queries());
    }

    @Test
    void samplesSizesTooManyToEnumerate() {
        GalleryLabels wide = gallery(40, 400, 2);

        QuerySet four = QuerySet.of(4, wide, 100, 3);

        assertThat(four.possible()).isEqualTo(1_462_240);
        assertThat(four.queries()).hasSize(100).doesNotHaveDuplicates();
        assertThat(four.queries()).allSatisfy(judged -> {
            assertThat(judged.query().size()).isEqualTo(4);
            assertThat(judged.relevantCount()).isBetween(10, 200);
        });
        assertThat(four.queries().stream().filter(q -> !q.query().exclude().isEmpty()))
                .as("some exclude")
                .hasSizeBetween(50, 100);
    }

    @Test
    void stopsAtTheSchemasSize() {
        assertThat(QuerySet.upTo(6, gallery(2, 60, 1), 10, 1)).hasSize(2);
    }

    /** Attributes of every frequency from rare to nearly always. */
    private static GalleryLabels gallery(int attributes, int images, long seed) {
        var random = new Random(seed);
        List<Label> labels = new ArrayList<>();
        for (int i = 0; i < images; i++) {
            byte[] values = new byte[attributes];
            for (int a = 0; a < attributes; a++) {
                values[a] = random.nextDouble() < (a + 0.5) / attributes ? Label.PRESENT : Label.ABSENT;
            }
            labels.add(Label.of(values));
        }
        return new GalleryLabels(
                new AttributeSchema(
                        "made",
                        IntStream.range(0, attributes).mapToObj(a -> "A" + a).toList()),
                labels);
    }
}
