package dev.sightline.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
    @Test
    void contentHashIsSha256() {
        assertThat(ContentHash.of("abc".getBytes(StandardCharsets.US_ASCII)).hex())
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "line\nbreak"})
    void imageIdRefusesBlankAndControlCharacters(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> new ImageId(value));
    }

    @Test
    void imageIdTakesAnyScript() {
        assertThat(new ImageId("фото/写真-7 📷").value()).isEqualTo("фото/写真-7 📷");
    }

    @Test
    void embeddingsScoreByCosine() {
        Embedding diagonal = Embedding.normalised(new float[] {3, 3});

        assertThat(diagonal.score(Embedding.ofUnit(new float[] {1, 0}))).isCloseTo(0.7071f, within(1e-4f));
        assertThat(diagonal.score(diagonal)).isCloseTo(1f, within(1e-6f));
    }

    @Test
    void embeddingRefusesWhatIsNotAUnitVector() {
        assertThatIllegalArgumentException().isThrownBy(() -> Embedding.ofUnit(new float[] {1, 1}));
        assertThatIllegalArgumentException().isThrownBy(() -> Embedding.ofUnit(new float[] {Float.NaN}));
        assertThatIllegalArgumentException().isThrownBy(() -> Embedding.normalised(new float[] {0, 0}));
    }

    @Test
    void embeddingOwnsItsArray() {
        float[] values = {1, 0};
        Embedding embedding = Embedding.ofUnit(values);
        values[0] = 7;
        embedding.toArray()[1] = 7;

        assertThat(embedding.toArray()).containsExactly(1, 0);
    }

    @Test
    void schemasAreTheSameOnlyInTheSameOrder() {
        var one = new AttributeSchema("a", List.of("Male", "Young"));

        assertThat(one.fingerprint())
                .isEqualTo(new AttributeSchema("b", List.of("Male", "Young")).fingerprint())
                .isNotEqualTo(new AttributeSchema("a", List.of("Young", "Male")).fingerprint());
    }

    @Test
    void schemaRefusesDuplicates() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AttributeSchema("a", List.of("Male", "Male")))
                .withMessageContaining("'Male' twice");
    }

    @Test
    void modelVersionNamesItsCollection() {
        assertThat(new ModelVersion("v20261124-1415-7f3a").collection("sightline"))
                .isEqualTo("sightline_v20261124_1415_7f3a");
    }
}
