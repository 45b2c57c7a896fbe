package dev.sightline.trainer.evaluation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One table of figures, to be read or parsed. Cells are texts, whole numbers or fractions; fractions are shown with three
 * decimals, a NaN as a dash (and as null in JSON).
 *
 * @param note what the figures leave out or how they are defined; may be empty
 */
public record ReportTable(String title, List<String> columns, List<List<Object>> rows, String note) {
    public ReportTable {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<Object> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException("table '" + title + "' has " + columns.size()
                        + " columns, but a row has " + row.size() + " cells");
            }
        }
    }

    /** Aligned columns for a terminal. */
    public String text() {
        List<Integer> widths = new ArrayList<>();
        for (int column = 0; column < columns.size(); column++) {
            int width = columns.get(column).length();
            for (List<Object> row : rows) {
                width = Math.max(width, shown(row.get(column)).length());
            }
            widths.add(width);
        }
        var text = new StringBuilder(title).append('\n');
        text.append(line(columns, widths));
        rows.forEach(
                row -> text.append(line(row.stream().map(ReportTable::shown).toList(), widths)));
        return note.isEmpty()
                ? text.toString()
                : text.append('(').append(note).append(")\n").toString();
    }

    private static String line(List<String> cells, List<Integer> widths) {
        var line = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            String pad = " ".repeat(widths.get(column) - cells.get(column).length());
            line.append(column == 0 ? cells.get(column) + pad : "  " + pad + cells.get(column));
        }
        return line.toString().stripTrailing() + "\n";
    }

    /** A heading, the table, and the note. */
    public String markdown() {
        var markdown = new StringBuilder("## ").append(title).append("\n\n");
        markdown.append(markdownRow(columns));
        markdown.append(markdownRow(Collections.nCopies(columns.size(), "---")));
        rows.forEach(row ->
                markdown.append(markdownRow(row.stream().map(ReportTable::shown).toList())));
        return note.isEmpty()
                ? markdown.toString()
                : markdown.append('\n').append(note).append(".\n").toString();
    }

    private static String markdownRow(List<String> cells) {
        return "| "
                + String.join(
                        " | ",
                        cells.stream().map(cell -> cell.replace("|", "\\|")).toList())
                + " |\n";
    }

    /** For JSON: each row an object by column name. */
    public Map<String, Object> toMap() {
        List<Map<String, Object>> objects = new ArrayList<>();
        for (List<Object> row : rows) {
            Map<String, Object> object = new LinkedHashMap<>();
            for (int column = 0; column < columns.size(); column++) {
                Object cell = row.get(column);
                object.put(columns.get(column), cell instanceof Double number && number.isNaN() ? null : cell);
            }
            objects.add(object);
        }
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("title", title);
        map.put("note", note);
        map.put("rows", objects);
        return map;
    }

    private static String shown(Object cell) {
        return switch (cell) {
            case Double number -> number.isNaN() ? "–" : String.format(Locale.ROOT, "%.3f", number);
            case Integer number -> String.format(Locale.ROOT, "%,d", number);
            default -> cell.toString();
        };
    }
}
