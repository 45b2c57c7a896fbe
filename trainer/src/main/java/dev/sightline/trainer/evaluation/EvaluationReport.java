package dev.sightline.trainer.evaluation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** All tables of one evaluation, as text, Markdown or a map for JSON. @param subject what was evaluated on what, by name */
public record EvaluationReport(Map<String, String> subject, List<ReportTable> tables) {
    public EvaluationReport {
        subject = new LinkedHashMap<>(subject);
        tables = List.copyOf(tables);
    }

    public String text() {
        String facts = subject.entrySet().stream()
                .map(fact -> fact.getKey() + ": " + fact.getValue() + "\n")
                .collect(Collectors.joining());
        return facts + "\n" + tables.stream().map(ReportTable::text).collect(Collectors.joining("\n"));
    }

    public String markdown() {
        String facts = subject.entrySet().stream()
                .map(fact -> "- " + fact.getKey() + ": " + fact.getValue() + "\n")
                .collect(Collectors.joining());
        return facts + "\n" + tables.stream().map(ReportTable::markdown).collect(Collectors.joining("\n"));
    }

    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>(subject);
        map.put("tables", tables.stream().map(ReportTable::toMap).toList());
        return map;
    }
}
