package dev.sightline.trainer.evaluation;

import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.Label;
import dev.sightline.towers.TwoTowerModel;
import dev.sightline.trainer.dataset.Dataset;
import dev.sightline.trainer.dataset.Example;
import dev.sightline.trainer.dataset.PreparedImages;
import dev.sightline.trainer.dataset.Split;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** The images of one split as a gallery for any model that knows the attributes judged by. */
public final class HeldOutImages {
    private final Dataset dataset;
    private final GalleryLabels labels;
    private final Path cache;

    /**
     * @param cache where prepared pixels are kept from one model to the next
     * @throws IllegalArgumentException if the split is empty
     */
    public HeldOutImages(Dataset dataset, Split split, Path cache) {
        this(new Dataset(dataset.schema(), dataset.examples(split)), dataset.schema(), cache);
        if (size() == 0) {
            throw new IllegalArgumentException("the dataset has no " + split + " images to evaluate on; it has "
                    + dataset.examples().size() + " in its other splits");
        }
    }

    private HeldOutImages(Dataset dataset, AttributeSchema judgedBy, Path cache) {
        this.dataset = dataset;
        this.cache = cache;
        int[] ordinals = judgedBy.attributes().stream()
                .mapToInt(attribute -> dataset.schema().ordinal(attribute).orElseThrow())
                .toArray();
        this.labels = new GalleryLabels(
                judgedBy,
                dataset.examples().stream()
                        .map(example -> only(example.label(), ordinals))
                        .toList());
    }

    private static Label only(Label label, int[] ordinals) {
        byte[] values = new byte[ordinals.length];
        for (int i = 0; i < ordinals.length; i++) {
            values[i] = label.at(ordinals[i]);
        }
        return Label.of(values);
    }

    /** The same images, judged by fewer attributes. @param attributes of the dataset's schema, at least one */
    public HeldOutImages judgedBy(List<String> attributes) {
        return new HeldOutImages(dataset, new AttributeSchema(dataset.schema().name(), attributes), cache);
    }

    public GalleryLabels labels() {
        return labels;
    }

    public int size() {
        return dataset.examples().size();
    }

    public Example example(int ordinal) {
        return dataset.examples().get(ordinal);
    }

    /** Queries of each size up to the settings', for every model alike. */
    public List<QuerySet> queries(EvaluationSettings settings) {
        return QuerySet.upTo(settings.maxQuerySize(), labels, settings.queriesPerSize(), settings.seed());
    }

    /**
     * Embeds the images and measures everything.
     *
     * @param embedded told how many images are embedded
     */
    public ModelEvaluation evaluate(
            String name,
            TwoTowerModel model,
            List<QuerySet> queries,
            EvaluationSettings settings,
            IntConsumer embedded) {
        try (EmbeddedGallery gallery = embed(model, embedded)) {
            return ModelEvaluation.of(name, gallery, model.queryEmbedder(), labels, queries, settings);
        }
    }

    /** Only attribute queries. */
    public RetrievalEvaluation retrieve(TwoTowerModel model, List<QuerySet> queries) {
        try (EmbeddedGallery gallery = embed(model, embedded -> {})) {
            return RetrievalEvaluation.of(queries, gallery.ranker(model.queryEmbedder()), 10);
        }
    }

    private EmbeddedGallery embed(TwoTowerModel model, IntConsumer embedded) {
        try (PreparedImages pixels = PreparedImages.open(dataset, model.preprocessing(), cache, prepared -> {})) {
            return EmbeddedGallery.of(
                    model, pixels, IntStream.range(0, size()).boxed().toList(), embedded);
        }
    }
}
