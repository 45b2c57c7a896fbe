package dev.sightline.trainer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sightline.domain.AttributeQuery;
import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.Embedding;
import dev.sightline.domain.Label;
import dev.sightline.towers.QueryComposition;
import dev.sightline.trainer.evaluation.ModificationScore.ExampleInGallery;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Twelve images on a quarter circle, from not smiling (0°) to smiling (90°). */
class ModificationScoreTest {
    private static final AttributeSchema SCHEMA = new AttributeSchema("two", List.of("Smiling", "Male"));

    /** Images 0 to 7 do not smile, 8 to 11 do; all even ones are male. */
    private static final GalleryLabels LABELS = labels();

    private static final Modification BUT_SMILING = new Modification(0, "Smiling", true);

    @Test
    void countsCorrectResultsAndTheirLikenessToTheExample() {
        try (EmbeddedGallery gallery = EmbeddedGallery.of(circle())) {
            ModificationScore score = score(gallery, List.of(BUT_SMILING), 100, ExampleInGallery.KEPT);

            // Far along: results are 11, 10, …, 2. Correct: 8 to 11. The example is male only: (0, 1).
            // 8 and 10 smile and are male: cosine 1/√2; 9 and 11 only smile: 0.
            assertThat(score.meanCorrect()).isEqualTo(4);
            assertThat(score.meanCosineSimilarity()).isCloseTo(2 / Math.sqrt(2) / 4, within(1e-9));
            assertThat(score.cosinePrecisionAt10()).isCloseTo(2 / Math.sqrt(2) / 10, within(1e-9));
            assertThat(score.queries()).isEqualTo(1);
        }
    }

    @Test
    void theExampleIsItsOwnBestResultUnlessRemoved() {
        try (EmbeddedGallery gallery = EmbeddedGallery.of(circle())) {
            var notSmiling = new Modification(0, "Smiling", false);

            // With nothing added the ten nearest are 0 to 9; the even of 0 to 7 are male like the example: cosine 1,
            // the odd have no attribute at all: 0.
            ModificationScore kept = score(gallery, List.of(notSmiling), 0, ExampleInGallery.KEPT);
            ModificationScore removed = score(gallery, List.of(notSmiling), 0, ExampleInGallery.REMOVED);

            assertThat(kept.meanCorrect()).isEqualTo(8);
            assertThat(kept.cosinePrecisionAt10()).isCloseTo(0.4, within(1e-9));
            assertThat(removed.meanCorrect()).as("1 to 10").isEqualTo(7);
            assertThat(removed.meanCosineSimilarity()).isCloseTo(3 / 7.0, within(1e-9));
            assertThat(removed.cosinePrecisionAt10()).isCloseTo(0.3, within(1e-9));
        }
    }

    @Test
    void precisionIsCorrectTimesSimilarity() {
        try (EmbeddedGallery gallery = EmbeddedGallery.of(circle())) {
            List<Modification> all = Modification.ofMany(LABELS, 12);

            ModificationScore score = score(gallery, all, 1, ExampleInGallery.REMOVED);

            assertThat(score.queries()).isEqualTo(all.size());
            assertThat(score.cosinePrecisionAt10())
                    .isCloseTo(score.meanCorrect() * score.meanCosineSimilarity() / 10, within(1e-9));
        }
    }

    @Test
    void thePublishedListIsEveryAttributeBothWaysOnTheLastFourImages() {
        var celebA = new AttributeSchema(
                "celeba",
                List.of(
                        "Black_Hair",
                        "Blond_Hair",
                        "Eyeglasses",
                        "Male",
                        "Mustache",
                        "No_Beard",
                        "Smiling",
                        "Wearing_Hat",
                        "Young",
                        "Wearing_Necklace",
                        "Bald"));
        var gallery = new GalleryLabels(celebA, Collections.nCopies(9, Label.of(new byte[11])));

        List<Modification> published = Modification.published(gallery);

        assertThat(published).hasSize(88);
        assertThat(published).extracting(Modification::example).containsOnly(5, 6, 7, 8);
        assertThat(published).extracting(Modification::attribute).doesNotContain("Bald");
        assertThat(published)
                .filteredOn(modification -> modification.attribute().equals("Wearing_Hat"))
                .hasSize(16);
        assertThat(Modification.ofMany(gallery, 3))
                .hasSize(60)
                .extracting(Modification::example)
                .containsOnly(0, 3, 6);
    }

    @Test
    void knowsWhichModificationsChangeAnything() {
        assertThat(BUT_SMILING.changes(LABELS)).isTrue();
        assertThat(new Modification(0, "Smiling", false).changes(LABELS)).isFalse();
        assertThat(new Modification(11, "Smiling", false).changes(LABELS)).isTrue();
    }

    private static ModificationScore score(
            EmbeddedGallery gallery, List<Modification> modifications, double multiplier, ExampleInGallery example) {
        return ModificationScore.of(
                gallery,
                LABELS,
                modifications,
                new QueryComposition.PlainSum(multiplier),
                ModificationScoreTest::embed,
                example);
    }

    private static Embedding embed(AttributeQuery query) {
        return query.require().contains("Smiling")
                ? Embedding.ofUnit(new float[] {0, 1})
                : Embedding.ofUnit(new float[] {1, 0});
    }

    private static List<Embedding> circle() {
        List<Embedding> images = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            double angle = Math.PI / 2 * i / 11;
            images.add(Embedding.normalised(new float[] {(float) Math.cos(angle), (float) Math.sin(angle)}));
        }
        return images;
    }

    private static GalleryLabels labels() {
        List<Label> labels = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            labels.add(Label.of(new byte[] {(byte) (i >= 8 ? 1 : -1), (byte) (i % 2 == 0 ? 1 : -1)}));
        }
        return new GalleryLabels(SCHEMA, labels);
    }
}
