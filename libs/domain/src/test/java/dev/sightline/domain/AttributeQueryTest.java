package dev.sightline.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AttributeQueryTest {
    private static final AttributeSchema SCHEMA =
            new AttributeSchema("faces", List.of("Male", "Smiling", "Eyeglasses", "Blond_Hair"));

    @Test
    void encodesRequiredExcludedAndOpen() {
        AttributeQuery query = AttributeQuery.of(List.of("Male", "Blond_Hair"), List.of("Eyeglasses"));

        assertThat(query.encode(SCHEMA)).containsExactly(1, 0, -1, 1);
    }

    @Test
    void refusesAnAttributeAskedBothWays() {
        assertThatThrownBy(() -> AttributeQuery.of(List.of("Male"), List.of("Male")))
                .hasMessageContaining("'Male' is both required and excluded");
    }

    @Test
    void unknownAttributeNamesItsNeighbours() {
        AttributeQuery query = AttributeQuery.of(List.of("blonde hair"), List.of());

        assertThatThrownBy(() -> query.encode(SCHEMA))
                .isInstanceOfSatisfying(UnknownAttributeException.class, unknown -> {
                    assertThat(unknown.attribute()).isEqualTo("blonde hair");
                    assertThat(unknown.nearest()).startsWith("Blond_Hair");
                });
    }

    @Test
    void isSatisfiedOnlyByWhatIsKnown() {
        AttributeQuery query = AttributeQuery.of(List.of("Male"), List.of("Eyeglasses"));

        assertThat(query.isSatisfiedBy(Label.of(SCHEMA, Map.of("Male", true, "Eyeglasses", false)), SCHEMA))
                .isTrue();
        assertThat(query.isSatisfiedBy(Label.of(SCHEMA, Map.of("Male", true, "Eyeglasses", true)), SCHEMA))
                .isFalse();
        assertThat(query.isSatisfiedBy(Label.of(SCHEMA, Map.of("Male", true)), SCHEMA))
                .as("eyeglasses unknown")
                .isFalse();
    }

    @Test
    void readsAsAPersonWouldSayIt() {
        assertThat(AttributeQuery.of(List.of("Male", "Smiling"), List.of("Eyeglasses")))
                .hasToString("Male + Smiling − Eyeglasses");
    }

    @Property
    void aLabelSatisfiesEveryQueryReadOffIt(@ForAll @Size(4) List<Boolean> known) {
        Label label = Label.of(
                SCHEMA,
                Map.of(
                        "Male",
                        known.get(0),
                        "Smiling",
                        known.get(1),
                        "Eyeglasses",
                        known.get(2),
                        "Blond_Hair",
                        known.get(3)));
        List<String> required = SCHEMA.attributes().stream()
                .filter(attribute -> label.at(SCHEMA.ordinal(attribute).orElseThrow()) == Label.PRESENT)
                .toList();
        List<String> excluded = SCHEMA.attributes().stream()
                .filter(attribute -> !required.contains(attribute))
                .toList();

        assertThat(AttributeQuery.of(required, excluded).isSatisfiedBy(label, SCHEMA))
                .isTrue();
        assertThat(AttributeQuery.of(excluded, required).isSatisfiedBy(label, SCHEMA))
                .isFalse();
    }
}
