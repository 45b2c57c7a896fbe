package dev.sightline.trainer.labels;

import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.ContentHash;
import dev.sightline.domain.ImageId;
import dev.sightline.domain.Label;
import dev.sightline.images.ImageStore;
import dev.sightline.index.IndexedImage;
import dev.sightline.index.VectorIndex;
import dev.sightline.trainer.dataset.Dataset;
import dev.sightline.trainer.dataset.Example;
import dev.sightline.trainer.dataset.InvalidDatasetException;
import dev.sightline.trainer.dataset.Photo;
import dev.sightline.trainer.dataset.Split;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What there is to learn from: a dataset on disk, where there is one, and what people said of uploaded images that are
 * still searchable. An upload that is also a photo of the dataset adds to that example's label and keeps its split, so
 * nothing held out is trained on. Thread-safe.
 */
public final class TrainingData {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingData.class);
    private static final int PAGE = 500;

    private final LabelLog labels;
    private final VectorIndex index;
    private final ImageStore store;

    public TrainingData(LabelLog labels, VectorIndex index, ImageStore store) {
        this.labels = labels;
        this.index = index;
        this.store = store;
    }

    /**
     * Everything known now. The schema is the dataset's; without one {@code active}; without either, all attributes ever
     * named, in alphabetical order. Statements about other attributes are left out.
     *
     * @param collection where uploaded images are indexed; without one, no upload is used
     * @throws InvalidDatasetException if there is nothing to learn from
     */
    public Dataset gather(Optional<Dataset> onDisk, Optional<AttributeSchema> active, Optional<String> collection) {
        Map<ImageId, Map<String, LabelLog.Statement>> statements = labels.statements();
        AttributeSchema schema = onDisk.map(Dataset::schema).or(() -> active).orElseGet(() -> schemaOf(statements));
        Map<ContentHash, Label> labelled = new LinkedHashMap<>();
        if (collection.isPresent()) {
            for (IndexedImage image : find(collection.get(), List.copyOf(statements.keySet()))) {
                labelled.put(image.contentHash(), label(schema, statements.getOrDefault(image.id(), Map.of())));
            }
        }
        List<Example> examples = new ArrayList<>();
        onDisk.ifPresent(dataset -> dataset.examples().forEach(example -> examples.add(merged(example, labelled))));
        int fromDisk = examples.size();
        labelled.forEach((hash, label) ->
                examples.add(new Example(new Photo.InStore(hash, store), label, Split.ofName(hash.hex()))));
        if (examples.isEmpty()) {
            throw new InvalidDatasetException(
                    "there is nothing to learn from: give a dataset, or label uploaded images (PUT /v1/images/ID/labels)");
        }
        LOG.info("to learn from: {} photos on disk, {} labelled uploads", fromDisk, examples.size() - fromDisk);
        return new Dataset(schema, examples);
    }

    private static AttributeSchema schemaOf(Map<ImageId, Map<String, LabelLog.Statement>> statements) {
        var attributes = new TreeSet<String>();
        statements.values().forEach(said -> attributes.addAll(said.keySet()));
        if (attributes.isEmpty()) {
            throw new InvalidDatasetException(
                    "no attribute is known: give a dataset, or label uploaded images (PUT /v1/images/ID/labels)");
        }
        return new AttributeSchema("labelled", List.copyOf(attributes));
    }

    private List<IndexedImage> find(String collection, List<ImageId> ids) {
        List<IndexedImage> found = new ArrayList<>();
        for (int from = 0; from < ids.size(); from += PAGE) {
            found.addAll(index.fetch(collection, ids.subList(from, Math.min(from + PAGE, ids.size())))
                    .values());
        }
        return found;
    }

    private static Label label(AttributeSchema schema, Map<String, LabelLog.Statement> said) {
        Map<String, Boolean> known = new HashMap<>();
        said.forEach((attribute, statement) -> {
            if (schema.ordinal(attribute).isPresent()) {
                known.put(attribute, statement.present());
            } else {
                LOG.debug("left out: '{}' is not an attribute of schema '{}'", attribute, schema.name());
            }
        });
        return Label.of(schema, known);
    }

    /** The example, with what was said of the same bytes on top; takes that from {@code labelled}. */
    private static Example merged(Example example, Map<ContentHash, Label> labelled) {
        if (labelled.isEmpty()) {
            return example;
        }
        Label said = labelled.remove(hash(example.photo()));
        return said == null
                ? example
                : new Example(example.photo(), example.label().overlaid(said), example.split());
    }

    private static ContentHash hash(Photo photo) {
        try {
            return ContentHash.of(photo.read());
        } catch (IOException e) {
            throw new InvalidDatasetException("cannot read image " + photo.name() + ": " + e.getMessage(), e);
        }
    }
}
