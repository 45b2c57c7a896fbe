package dev.sightline.trainer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTableTest {
    private static final ReportTable TABLE = new ReportTable(
            "Found",
            List.of("ranking", "1", "queries"),
            List.of(List.of("a|b", 0.12345, 1_234), List.of("chance", Double.NaN, 7)),
            "of ten");

    @Test
    void alignsForATerminal() {
        assertThat(TABLE.text()).isEqualTo("""
                Found
                ranking      1  queries
                a|b      0.123    1,234
                chance       –        7
                (of ten)
                """);
    }

    @Test
    void escapesForMarkdown() {
        assertThat(TABLE.markdown()).isEqualTo("""
                ## Found

                | ranking | 1 | queries |
                | --- | --- | --- |
                | a\\|b | 0.123 | 1,234 |
                | chance | – | 7 |

                of ten.
                """);
    }

    @Test
    void keepsWholeNumbersAndFractionsForJson() {
        Map<String, Object> unknown = new HashMap<>(Map.of("ranking", "chance", "queries", 7));
        unknown.put("1", null);

        assertThat(TABLE.toMap())
                .containsEntry("rows", List.of(Map.of("ranking", "a|b", "1", 0.12345, "queries", 1_234), unknown));
    }

    @Test
    void refusesARowOfAnotherWidth() {
        assertThatThrownBy(() -> new ReportTable("Found", List.of("a"), List.of(List.of(1, 2)), ""))
                .hasMessageContaining("table 'Found' has 1 columns, but a row has 2 cells");
    }
}
