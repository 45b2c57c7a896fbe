package dev.sightline.towers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sightline.domain.AttributeQuery;
import dev.sightline.domain.Embedding;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** In three dimensions: x is Smiling, y is Male, z is everything else. */
class QueryCompositionTest {
    private static final AttributeQuery SMILING = AttributeQuery.of(List.of("Smiling"), List.of());
    private static final AttributeQuery NOT_SMILING = AttributeQuery.of(List.of(), List.of("Smiling"));
    private static final Map<AttributeQuery, Embedding> TOWER = Map.of(
            SMILING,
            point(1, 0, 0),
            NOT_SMILING,
            point(-1, 0, 0),
            AttributeQuery.of(List.of("Male"), List.of()),
            point(0, 1, 0),
            AttributeQuery.of(List.of(), List.of("Male")),
            point(0, -1, 0));

    private static final Embedding FROWNING_MAN = point(-2, 1, 2);

    @Test
    void theSumAddsWhatIsRequiredAndSubtractsWhatIsExcluded() {
        // (−2, 1, 2) / 3 + 2 (1, 0, 0) − 2 (0, 1, 0) = (4/3, −5/3, 2/3)
        assertPoint(compose(new QueryComposition.PlainSum(2), List.of("Smiling"), List.of("Male")), point(4, -5, 2));
    }

    @Test
    void aSumOfNothingIsTheExample() {
        assertPoint(new QueryComposition.PlainSum(1).compose(point(-1, 0, 0), SMILING, TOWER::get), point(-1, 0, 0));
    }

    @Test
    void anAskedAttributeReplacesTheContradictingOneAndKeepsTheRest() {
        // what is kept: (0, 1, 2) / √5; the asked side of Smiling: (1, 0, 0)
        double root = Math.sqrt(5);
        assertPoint(
                compose(new QueryComposition.Replacement(0.8), List.of("Smiling"), List.of()),
                point(0.8, 1 / root, 2 / root));
    }

    @Test
    void itDoesNotMatterWhatTheExampleHadOfIt() {
        var replacement = new QueryComposition.Replacement(0.8);

        Embedding fromFrown = replacement.compose(point(-2, 1, 2), SMILING, TOWER::get);
        Embedding fromSmile = replacement.compose(point(2, 1, 2), SMILING, TOWER::get);

        assertPoint(fromFrown, fromSmile);
        assertThat(replacement.compose(point(-2, 1, 2), NOT_SMILING, TOWER::get).toArray()[0])
                .isEqualTo(-fromFrown.toArray()[0]);
    }

    @Test
    void severalAskedAttributesEachReplaceTheirOwn() {
        // kept: z; asked: (1, −1, 0) / √2 with weight 0.8 √2
        assertPoint(
                compose(new QueryComposition.Replacement(0.8), List.of("Smiling"), List.of("Male")),
                point(0.8, -0.8, 1));
    }

    @Test
    void dependentDirectionsAreRemovedOnce() {
        Map<AttributeQuery, Embedding> skewed = Map.of(
                SMILING,
                point(1, 0, 0),
                NOT_SMILING,
                point(-1, 0, 0),
                AttributeQuery.of(List.of("Laughing"), List.of()),
                point(1, 0, 0),
                AttributeQuery.of(List.of(), List.of("Laughing")),
                point(-1, 0, 0));

        Embedding composed = new QueryComposition.Replacement(1)
                .compose(FROWNING_MAN, AttributeQuery.of(List.of("Smiling", "Laughing"), List.of()), skewed::get);

        double root = Math.sqrt(5);
        assertPoint(composed, point(Math.sqrt(2), 1 / root, 2 / root));
    }

    @Test
    void anExampleThatIsNothingElseBecomesWhatIsAsked() {
        assertPoint(
                new QueryComposition.Replacement(0.8).compose(point(-1, 0, 0), SMILING, TOWER::get), point(1, 0, 0));
    }

    @Test
    void noChangeLeavesTheExample() {
        var none = AttributeQuery.of(List.of(), List.of());

        assertThat(new QueryComposition.Replacement(0.8).compose(FROWNING_MAN, none, TOWER::get))
                .isEqualTo(FROWNING_MAN);
        assertPoint(new QueryComposition.PlainSum(1).compose(FROWNING_MAN, none, TOWER::get), FROWNING_MAN);
    }

    private static Embedding compose(QueryComposition composition, List<String> require, List<String> exclude) {
        return composition.compose(FROWNING_MAN, AttributeQuery.of(require, exclude), TOWER::get);
    }

    private static Embedding point(double... values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return Embedding.normalised(floats);
    }

    private static void assertPoint(Embedding actual, Embedding expected) {
        assertThat(actual.toArray()).containsExactly(expected.toArray(), within(1e-6f));
    }
}
