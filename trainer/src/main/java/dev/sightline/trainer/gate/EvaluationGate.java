package dev.sightline.trainer.gate;

import dev.sightline.towers.TwoTowerModel;
import dev.sightline.trainer.dataset.Dataset;
import dev.sightline.trainer.dataset.Split;
import dev.sightline.trainer.evaluation.AttributeScore;
import dev.sightline.trainer.evaluation.HeldOutImages;
import dev.sightline.trainer.evaluation.QuerySet;
import dev.sightline.trainer.evaluation.RetrievalEvaluation;
import dev.sightline.trainer.gate.GateVerdict.AttributeChange;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Judges a candidate against the active version by the same queries on the same held-out images. */
public final class EvaluationGate {
    private final GateSettings settings;
    private final Path cache;

    /** @param cache where prepared pixels are kept */
    public EvaluationGate(GateSettings settings, Path cache) {
        this.settings = settings;
        this.cache = cache;
    }

    /**
     * Embeds the test split with both. Where their schemas differ, they are judged by the attributes that both and the
     * dataset know.
     *
     * @throws IllegalArgumentException if there is no such attribute or no test image
     */
    public GateVerdict judge(TwoTowerModel candidate, TwoTowerModel active, Dataset dataset) {
        HeldOutImages images =
                new HeldOutImages(dataset, Split.TEST, cache).judgedBy(shared(candidate, active, dataset));
        List<QuerySet> queries = images.queries(settings.evaluation());
        return judge(
                images.retrieve(candidate, queries),
                images.retrieve(active, queries),
                images.labels().schema().attributes());
    }

    private static List<String> shared(TwoTowerModel candidate, TwoTowerModel active, Dataset dataset) {
        List<String> shared = dataset.schema().attributes().stream()
                .filter(attribute -> candidate.schema().ordinal(attribute).isPresent()
                        && active.schema().ordinal(attribute).isPresent())
                .toList();
        if (shared.isEmpty()) {
            throw new IllegalArgumentException("the candidate knows " + candidate.schema() + ", the active version "
                    + active.schema() + " and the dataset " + dataset.schema()
                    + ": no attribute is in all three; promote by hand");
        }
        return shared;
    }

    /** Weighs two evaluations by the same queries. */
    GateVerdict judge(RetrievalEvaluation candidate, RetrievalEvaluation active, List<String> attributes) {
        double reached = candidate.meanPrecisionAt10();
        double needed = active.meanPrecisionAt10() + settings.margin();
        List<AttributeChange> regressions = regressions(candidate, active, attributes);
        List<String> reasons = new ArrayList<>();
        if (candidate.outcomes().isEmpty()) {
            reasons.add("no query has enough relevant held-out images to judge by; label more images");
        }
        if (reached < needed) {
            reasons.add(String.format(Locale.ROOT, "needs at least %.3f (margin %+.3f)", needed, settings.margin()));
        }
        regressions.forEach(change -> reasons.add(String.format(
                Locale.ROOT,
                "%s falls from %.3f to %.3f, more than %.3f allows",
                change.attribute(),
                change.active(),
                change.candidate(),
                settings.maxAttributeRegression())));
        return new GateVerdict(reasons.isEmpty(), reached, active.meanPrecisionAt10(), regressions, reasons);
    }

    private List<AttributeChange> regressions(
            RetrievalEvaluation candidate, RetrievalEvaluation active, List<String> attributes) {
        List<AttributeScore> before = active.byAttribute(attributes);
        List<AttributeScore> after = candidate.byAttribute(attributes);
        return IntStream.range(0, attributes.size())
                .filter(i -> before.get(i).queries() >= settings.minAttributeQueries())
                .mapToObj(i -> new AttributeChange(
                        attributes.get(i),
                        before.get(i).precisionAt10(),
                        after.get(i).precisionAt10(),
                        before.get(i).queries()))
                .filter(change -> change.loss() > settings.maxAttributeRegression())
                .sorted(Comparator.comparingDouble(AttributeChange::loss).reversed())
                .toList();
    }
}
