package dev.sightline.trainer.training;

import dev.sightline.domain.Label;
import dev.sightline.trainer.dataset.Dataset;
import dev.sightline.trainer.dataset.Example;
import dev.sightline.trainer.dataset.Split;
import java.util.List;
import java.util.Random;

/** Makes the queries a batch of images is trained with. Thread-safe. */
interface QuerySource {
    QueryBatch sample(List<Label> images, Random random);

    /** What {@code objective} is to be fed. */
    static QuerySource of(Objective objective, Dataset dataset) {
        int attributes = dataset.schema().size();
        return switch (objective) {
            case Objective.Ranking ranking ->
                new QuerySampler(
                        dataset.examples(Split.TRAIN).stream()
                                .map(Example::label)
                                .toList(),
                        attributes,
                        ranking.queriesPerStep(),
                        ranking.distribution());
            case Objective.Likelihood likelihood -> (images, random) -> QueryBatch.against(images, new byte[0][]);
            case Objective.ClassicTriplets triplets -> new ClassicSampler(attributes);
        };
    }
}
