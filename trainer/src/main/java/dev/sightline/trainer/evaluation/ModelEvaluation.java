package dev.sightline.trainer.evaluation;

import dev.sightline.domain.AttributeQuery;
import dev.sightline.domain.Embedding;
import dev.sightline.towers.QueryComposition;
import dev.sightline.towers.QueryEmbedder;
import dev.sightline.trainer.evaluation.ModificationScore.ExampleInGallery;
import java.util.List;
import java.util.function.Function;

/**
 * Everything measured of one model on one gallery.
 *
 * @param name how tables call it
 * @param retrieval attribute queries
 * @param modifications "like this one, but …", by way of composing
 */
public record ModelEvaluation(String name, RetrievalEvaluation retrieval, List<ComposedScores> modifications) {
    /** The multipliers that were published; then ours, whose weights reach about as far. */
    private static final List<Composer> COMPOSERS = List.of(
            new Composer("sum × 0.5", new QueryComposition.PlainSum(0.5)),
            new Composer("sum × 1", new QueryComposition.PlainSum(1)),
            new Composer("sum × 2", new QueryComposition.PlainSum(2)),
            new Composer("replacement × 0.3", new QueryComposition.Replacement(0.3)),
            new Composer("replacement × 0.6", QueryComposition.DEFAULT),
            new Composer("replacement × 1.2", new QueryComposition.Replacement(1.2)));

    private record Composer(String name, QueryComposition composition) {}

    /**
     * One way of composing by the published measures.
     *
     * @param published on the published list of 88 queries, the example in the gallery, as the published script has it
     * @param many the same on many examples
     * @param corrected on many examples, without the example in the gallery
     * @param changing as {@code corrected}, only where the example does not have yet what is asked
     */
    public record ComposedScores(
            String composition,
            ModificationScore published,
            ModificationScore many,
            ModificationScore corrected,
            ModificationScore changing) {}

    public ModelEvaluation {
        modifications = List.copyOf(modifications);
    }

    public static ModelEvaluation of(
            String name,
            EmbeddedGallery gallery,
            QueryEmbedder queryTower,
            GalleryLabels labels,
            List<QuerySet> queries,
            EvaluationSettings settings) {
        return new ModelEvaluation(
                name,
                RetrievalEvaluation.of(queries, gallery.ranker(queryTower), settings.depth()),
                COMPOSERS.stream()
                        .map(composer -> composed(composer, gallery, queryTower::embed, labels, settings.examples()))
                        .toList());
    }

    private static ComposedScores composed(
            Composer composer,
            EmbeddedGallery gallery,
            Function<AttributeQuery, Embedding> queryTower,
            GalleryLabels labels,
            int examples) {
        List<Modification> published = Modification.published(labels);
        List<Modification> many = Modification.ofMany(labels, examples);
        List<Modification> changing = many.stream()
                .filter(modification -> modification.changes(labels))
                .toList();
        record Case(List<Modification> modifications, ExampleInGallery example) {}
        List<ModificationScore> scores = List.of(
                        new Case(published, ExampleInGallery.KEPT),
                        new Case(many, ExampleInGallery.KEPT),
                        new Case(many, ExampleInGallery.REMOVED),
                        new Case(changing, ExampleInGallery.REMOVED))
                .stream()
                .map(one -> ModificationScore.of(
                        gallery, labels, one.modifications(), composer.composition(), queryTower, one.example()))
                .toList();
        return new ComposedScores(composer.name(), scores.get(0), scores.get(1), scores.get(2), scores.get(3));
    }
}
