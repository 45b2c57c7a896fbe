package dev.sightline.trainer.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import dev.sightline.domain.AttributeQuery;
import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.Label;
import dev.sightline.towers.Backbone;
import dev.sightline.towers.Preprocessing;
import dev.sightline.towers.TowerSettings;
import dev.sightline.towers.TwoTowerModel;
import dev.sightline.trainer.ColourSquares;
import dev.sightline.trainer.dataset.Dataset;
import dev.sightline.trainer.evaluation.EvaluationSettings;
import dev.sightline.trainer.evaluation.GalleryLabels;
import dev.sightline.trainer.evaluation.JudgedQuery;
import dev.sightline.trainer.evaluation.QuerySet;
import dev.sightline.trainer.evaluation.RetrievalEvaluation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationGateTest {
    private static final AttributeSchema SCHEMA = new AttributeSchema("two", List.of("Male", "Bald"));
    private static final GalleryLabels GALLERY = gallery();
    private static final EvaluationSettings EVALUATION = new EvaluationSettings(2, 50, 10, 10, 1);

    @TempDir
    Path directory;

    @Test
    void promotesWhatIsBetterByTheMargin() {
        GateVerdict verdict = gate(0.02).judge(found(8, 5), found(7, 5), SCHEMA.attributes());

        assertThat(verdict.promoted()).isTrue();
        assertThat(verdict.candidate()).isCloseTo(0.65, within(1e-12));
        assertThat(verdict.active()).isCloseTo(0.60, within(1e-12));
        assertThat(verdict.summary()).isEqualTo("precision@10 0.650 against 0.600 of the active version");
    }

    @Test
    void refusesWhatIsNotBetterByTheMargin() {
        GateVerdict verdict = gate(0.06).judge(found(8, 5), found(7, 5), SCHEMA.attributes());

        assertThat(verdict.promoted()).isFalse();
        assertThat(verdict.reasons()).containsExactly("needs at least 0.660 (margin +0.060)");
    }

    @Test
    void aNegativeMarginLetsThroughWhatIsALittleWorse() {
        var lenient = new EvaluationGate(new GateSettings(-0.06, 0.2, 5, EVALUATION), directory);

        assertThat(lenient.judge(found(6, 5), found(7, 5), SCHEMA.attributes()).promoted())
                .as("0.05 below")
                .isTrue();
        assertThat(lenient.judge(found(6, 4), found(7, 5), SCHEMA.attributes()).promoted())
                .as("0.10 below")
                .isFalse();
    }

    @Test
    void refusesABetterMeanThatAnAttributePaysFor() {
        GateVerdict verdict = gate(0).judge(found(10, 4), found(7, 5), SCHEMA.attributes());

        assertThat(verdict.candidate()).isGreaterThan(verdict.active());
        assertThat(verdict.promoted()).isFalse();
        assertThat(verdict.regressions()).singleElement().satisfies(change -> {
            assertThat(change.attribute()).isEqualTo("Bald");
            assertThat(change.loss()).isCloseTo(0.1, within(1e-12));
            assertThat(change.queries()).isEqualTo(25);
        });
        assertThat(verdict.summary()).contains("Bald falls from 0.500 to 0.400, more than 0.050 allows");
    }

    @Test
    void holdsNoAttributeWithFewQueriesAgainstACandidate() {
        var lenient = new EvaluationGate(new GateSettings(0, 0.05, 26, EVALUATION), directory);

        assertThat(lenient.judge(found(10, 4), found(7, 5), SCHEMA.attributes()).promoted())
                .isTrue();
    }

    @Test
    void refusesWhereNothingCanBeJudged() {
        var nothing = new RetrievalEvaluation(List.of(), List.of());

        assertThat(gate(0).judge(nothing, nothing, SCHEMA.attributes()).reasons())
                .singleElement()
                .asString()
                .contains("label more images");
    }

    @Test
    void judgesTwoModelsByTheAttributesTheyShare() {
        Dataset dataset = ColourSquares.paint(directory, 60);
        try (var active = model(List.of("Red", "Green", "Blue"), 1);
                var same = model(List.of("Red", "Green", "Blue"), 1);
                var other = model(List.of("Blue", "Red", "Striped"), 2)) {
            GateVerdict equal = gate(-0.005).judge(same, active, dataset);
            GateVerdict shared = gate(-1).judge(other, active, dataset);

            assertThat(equal.promoted()).isTrue();
            assertThat(equal.candidate()).isEqualTo(equal.active()).isPositive();
            assertThat(shared.active()).as("fewer attributes, other queries").isNotEqualTo(equal.active());
        }
    }

    @Test
    void namesTheSchemasWhereNothingIsShared() {
        Dataset dataset = ColourSquares.paint(directory, 20);
        try (var active = model(List.of("Red"), 1);
                var candidate = model(List.of("Striped"), 2)) {
            assertThatThrownBy(() -> gate(0).judge(candidate, active, dataset))
                    .hasMessageContaining("Striped")
                    .hasMessageContaining("Red")
                    .hasMessageContaining("no attribute is in all three");
        }
    }

    private EvaluationGate gate(double margin) {
        return new EvaluationGate(new GateSettings(margin, 0.05, 5, EVALUATION), directory);
    }

    private static TwoTowerModel model(List<String> attributes, long seed) {
        return TwoTowerModel.create(
                new AttributeSchema("some", attributes),
                new Preprocessing(ColourSquares.SIDE),
                new TowerSettings(Backbone.SMALL_CNN, 4, 16, 16),
                seed,
                Device.cpu());
    }

    /** 25 queries for Male that find {@code males} right of ten, and 25 for Bald that find {@code balds}. */
    private static RetrievalEvaluation found(int males, int balds) {
        JudgedQuery male = GALLERY.judge(AttributeQuery.of(List.of("Male"), List.of()));
        JudgedQuery bald = GALLERY.judge(AttributeQuery.of(List.of("Bald"), List.of()));
        List<JudgedQuery> queries = new ArrayList<>(Collections.nCopies(25, male));
        queries.addAll(Collections.nCopies(25, bald));
        return RetrievalEvaluation.of(
                List.of(new QuerySet(1, queries, 4, 4, 4)),
                (asked, depth) -> asked.stream()
                        .map(judged -> ranking(judged, judged.equals(male) ? males : balds))
                        .toList(),
                10);
    }

    private static int[] ranking(JudgedQuery judged, int right) {
        int[] ranking = new int[10];
        int relevant = judged.relevant().nextSetBit(0);
        int irrelevant = judged.relevant().nextClearBit(0);
        for (int i = 0; i < 10; i++) {
            if (i < right) {
                ranking[i] = relevant;
                relevant = judged.relevant().nextSetBit(relevant + 1);
            } else {
                ranking[i] = irrelevant;
                irrelevant = judged.relevant().nextClearBit(irrelevant + 1);
            }
        }
        return ranking;
    }

    private static GalleryLabels gallery() {
        List<Label> labels = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            labels.add(Label.of(new byte[] {(byte) (i % 2 == 0 ? 1 : -1), (byte) (i % 4 < 2 ? 1 : -1)}));
        }
        return new GalleryLabels(SCHEMA, labels);
    }
}
