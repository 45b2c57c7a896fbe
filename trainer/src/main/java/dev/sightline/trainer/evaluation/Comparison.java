package dev.sightline.trainer.evaluation;

import dev.sightline.domain.AttributeSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Models side by side on the same queries and the same gallery, with what chance scores.
 *
 * @param random a random ranking, as sampled
 */
public record Comparison(
        AttributeSchema schema, List<QuerySet> queries, RetrievalEvaluation random, List<ModelEvaluation> models) {
    public Comparison {
        queries = List.copyOf(queries);
        models = List.copyOf(models);
    }

    public EvaluationReport report(Map<String, String> subject) {
        List<ReportTable> tables = new ArrayList<>();
        tables.add(bySize());
        models.forEach(model -> tables.add(measures(model)));
        tables.add(exclusions());
        tables.add(attributes());
        models.forEach(model -> tables.add(modifications(model)));
        return new EvaluationReport(subject, tables);
    }

    private ReportTable bySize() {
        List<String> columns = new ArrayList<>(List.of("ranking"));
        queries.forEach(set -> columns.add(Integer.toString(set.size())));
        List<List<Object>> rows = new ArrayList<>();
        rows.add(row("chance, expected", queries, QuerySet::chance));
        rows.add(row("random", random.scores(), RetrievalScore::precisionAt10));
        models.forEach(model -> rows.add(row(model.name(), model.retrieval().scores(), RetrievalScore::precisionAt10)));
        return new ReportTable(
                "Macro precision@10 by number of attributes asked",
                columns,
                rows,
                "queries that at least " + QuerySet.MIN_RELEVANT + " and at most half of the images answer");
    }

    private static <T> List<Object> row(String name, List<T> scores, Function<T, Double> figure) {
        List<Object> row = new ArrayList<>(List.of(name));
        scores.forEach(score -> row.add(figure.apply(score)));
        return row;
    }

    private ReportTable measures(ModelEvaluation model) {
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < queries.size(); i++) {
            QuerySet set = queries.get(i);
            RetrievalScore score = model.retrieval().scores().get(i);
            rows.add(List.of(
                    set.size(),
                    score.macro().precisionAt10(),
                    score.micro().precisionAt10(),
                    score.macro().recallAt10(),
                    score.macro().averagePrecisionAt10(),
                    score.macro().ndcgAt10(),
                    score.chance(),
                    score.queries(),
                    set.qualified(),
                    score.leftOut(),
                    set.tried()));
        }
        return new ReportTable(
                model.name() + ": all measures",
                List.of(
                        "attributes",
                        "precision@10",
                        "micro",
                        "recall@10",
                        "mAP@10",
                        "nDCG@10",
                        "chance",
                        "queries",
                        "qualified",
                        "left out",
                        "tried"),
                rows,
                "macro averages count every query alike; micro weighs a query by its relevant images; of the queries tried,"
                        + " those left out have fewer than " + QuerySet.MIN_RELEVANT
                        + " relevant images or more than half of all");
    }

    private ReportTable exclusions() {
        List<String> columns = new ArrayList<>(List.of("ranking", "kind"));
        queries.forEach(set -> columns.add(Integer.toString(set.size())));
        List<List<Object>> rows = new ArrayList<>();
        for (ModelEvaluation model : models) {
            rows.add(kind(model.name(), "without exclusions", model.retrieval().withoutExclusions()));
            rows.add(kind(model.name(), "with exclusions", model.retrieval().withExclusions()));
        }
        return new ReportTable("Macro precision@10 with and without excluded attributes", columns, rows, "");
    }

    private static List<Object> kind(String model, String kind, List<RetrievalScore> scores) {
        List<Object> row = new ArrayList<>(List.of(model, kind));
        scores.forEach(score -> row.add(score.queries() == 0 ? Double.NaN : score.precisionAt10()));
        return row;
    }

    private ReportTable attributes() {
        List<String> columns = new ArrayList<>(List.of("attribute", "queries"));
        models.forEach(model -> columns.addAll(List.of(model.name(), "required", "excluded")));
        List<List<AttributeScore>> scores = models.stream()
                .map(model -> model.retrieval().byAttribute(schema.attributes()))
                .toList();
        List<List<Object>> rows = new ArrayList<>();
        for (int attribute = 0; attribute < schema.size(); attribute++) {
            List<Object> row = new ArrayList<>(List.of(schema.attributes().get(attribute)));
            row.add(scores.isEmpty() ? 0 : scores.getFirst().get(attribute).queries());
            for (List<AttributeScore> model : scores) {
                AttributeScore score = model.get(attribute);
                row.add(score.queries() == 0 ? Double.NaN : score.precisionAt10());
                row.add(score.requiredQueries() == 0 ? Double.NaN : score.required());
                row.add(score.excludedQueries() == 0 ? Double.NaN : score.excluded());
            }
            rows.add(row);
        }
        return new ReportTable(
                "Precision@10 by attribute",
                columns,
                rows,
                "means over the queries of any size that name the attribute");
    }

    private static ReportTable modifications(ModelEvaluation model) {
        List<List<Object>> rows = new ArrayList<>();
        for (ModelEvaluation.ComposedScores composed : model.modifications()) {
            rows.add(modification(composed.composition(), "published", composed.published()));
            rows.add(modification(composed.composition(), "published, many examples", composed.many()));
            rows.add(modification(composed.composition(), "example removed", composed.corrected()));
            rows.add(modification(composed.composition(), "example removed, changes only", composed.changing()));
        }
        return new ReportTable(
                model.name() + ": like this one, but with or without an attribute",
                List.of(
                        "composition",
                        "protocol",
                        "mean correct of 10",
                        "mean cosine similarity",
                        "cosine P@10",
                        "queries"),
                rows,
                "the measures of Gomez (2020): a result is correct if it has (or lacks) the attribute; the cosine is that of"
                        + " its label vector and the example's");
    }

    private static List<Object> modification(String composition, String protocol, ModificationScore score) {
        return List.of(
                composition,
                protocol,
                score.meanCorrect(),
                score.meanCosineSimilarity(),
                score.cosinePrecisionAt10(),
                score.queries());
    }
}
