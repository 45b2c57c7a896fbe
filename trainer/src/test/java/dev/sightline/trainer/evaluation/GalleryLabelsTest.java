package dev.sightline.trainer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sightline.domain.AttributeQuery;
import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.Label;
import dev.sightline.domain.UnknownAttributeException;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class GalleryLabelsTest {
    private static final AttributeSchema SCHEMA = new AttributeSchema("three", List.of("Male", "Smiling", "Bald"));

    @Test
    void anImageOfWhichAnAskedAttributeIsUnknownIsNotJudgedUnlessAnotherContradicts() {
        var gallery = new GalleryLabels(
                SCHEMA, List.of(label(1, 1, 0), label(1, 0, 0), label(-1, 0, 1), label(1, -1, 1), label(0, 0, 0)));

        JudgedQuery judged = gallery.judge(AttributeQuery.of(List.of("Male", "Smiling"), List.of()));

        assertThat(judged.relevant().stream()).containsExactly(0);
        assertThat(judged.judged().stream()).containsExactly(0, 2, 3);
        assertThat(judged.chance()).isEqualTo(1 / 3.0);
    }

    @Test
    void namesAnAttributeTheSchemaLacks() {
        var gallery = new GalleryLabels(SCHEMA, List.of(label(1, 1, 1)));

        assertThatThrownBy(() -> gallery.judge(AttributeQuery.of(List.of(), List.of("Smilling"))))
                .isInstanceOf(UnknownAttributeException.class)
                .hasMessageContaining("Smilling");
    }

    @Property(tries = 200)
    void agreesWithTheLabelsOneByOne(@ForAll long seed) {
        var random = new Random(seed);
        List<Label> labels = Stream.generate(
                        () -> label(random.nextInt(3) - 1, random.nextInt(3) - 1, random.nextInt(3) - 1))
                .limit(80)
                .toList();
        var query =
                AttributeQuery.of(List.of("Male"), random.nextBoolean() ? List.of("Bald") : List.of("Bald", "Smiling"));

        JudgedQuery judged = new GalleryLabels(SCHEMA, labels).judge(query);

        IntStream.range(0, labels.size()).forEach(i -> {
            assertThat(judged.relevant().get(i)).isEqualTo(query.isSatisfiedBy(labels.get(i), SCHEMA));
            assertThat(judged.judged().get(i))
                    .isEqualTo(query.isSatisfiedBy(labels.get(i), SCHEMA)
                            || contradicts(query.encode(SCHEMA), labels.get(i)));
        });
    }

    private static boolean contradicts(float[] asked, Label label) {
        return IntStream.range(0, asked.length).anyMatch(a -> asked[a] * label.at(a) < 0);
    }

    private static Label label(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return Label.of(bytes);
    }
}
