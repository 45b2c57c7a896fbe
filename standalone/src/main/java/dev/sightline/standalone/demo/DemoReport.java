package dev.sightline.standalone.demo;

import dev.sightline.trainer.evaluation.RetrievalEvaluation;
import dev.sightline.trainer.evaluation.RetrievalScore;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** What the demo measured. @param seconds by phase */
public record DemoReport(
        RetrievalEvaluation evaluation, int imagesAccepted, int imagesSearchable, Map<String, Double> seconds) {

    /** For people. */
    public String table() {
        var table = new StringBuilder();
        table.append("%n%d images accepted, %d searchable%n%n".formatted(imagesAccepted, imagesSearchable));
        table.append("%-10s %13s %8s %8s %9s %9s%n"
                .formatted("attributes", "precision@10", "chance", "nDCG@10", "queries", "left out"));
        for (RetrievalScore score : evaluation.scores()) {
            table.append("%-10d %13.3f %8.3f %8.3f %9d %9d%n"
                    .formatted(
                            score.querySize(),
                            score.precisionAt10(),
                            score.chance(),
                            score.ndcgAt10(),
                            score.queries(),
                            score.leftOut()));
        }
        table.append("(left out: fewer than 10 relevant images, or more than half of all)%n%nseconds: %s"
                .formatted(seconds));
        return table.toString();
    }

    /** For scripts. */
    public Map<String, Object> toMap() {
        Map<String, Double> precision = new TreeMap<>();
        Map<String, Double> chance = new TreeMap<>();
        for (RetrievalScore score : evaluation.scores()) {
            precision.put(Integer.toString(score.querySize()), score.precisionAt10());
            chance.put(Integer.toString(score.querySize()), score.chance());
        }
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("precisionAt10", precision);
        map.put("chance", chance);
        map.put("imagesAccepted", imagesAccepted);
        map.put("imagesSearchable", imagesSearchable);
        map.put("seconds", seconds);
        return map;
    }
}
