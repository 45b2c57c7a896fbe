package dev.sightline.trainer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sightline.domain.Label;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CelebADatasetTest {
    @TempDir
    Path directory;

    @BeforeEach
    void layOut() throws IOException {
        Files.createDirectory(directory.resolve("img_align_celeba"));
        attributes("2\nMale Young \n000001.jpg -1  1\n000002.jpg  1  0\n");
    }

    @Test
    void readsLabelsAndSplits() throws IOException {
        Files.writeString(directory.resolve("list_eval_partition.txt"), "000001.jpg 0\n000002.jpg 2\n");

        Dataset dataset = CelebADataset.read(directory);

        assertThat(dataset.schema().attributes()).containsExactly("Male", "Young");
        assertThat(dataset.examples(Split.TRAIN))
                .singleElement()
                .satisfies(example -> assertThat(example.label()).isEqualTo(Label.of(new byte[] {-1, 1})));
        assertThat(dataset.examples(Split.TEST))
                .singleElement()
                .satisfies(example -> assertThat(example.label().at(1)).isEqualTo(Label.UNKNOWN));
    }

    @Test
    void splitsByNameWithoutAPartition() throws IOException {
        var lines = new StringBuilder("1000\nMale\n");
        for (int i = 0; i < 1000; i++) {
            lines.append("%06d.jpg 1%n".formatted(i));
        }
        attributes(lines.toString());

        Dataset dataset = CelebADataset.read(directory);

        assertThat(dataset.examples(Split.TRAIN)).hasSizeBetween(700, 900);
        assertThat(dataset.examples(Split.TEST)).hasSizeBetween(50, 150);
        assertThat(CelebADataset.read(directory)).isEqualTo(dataset);
    }

    @Test
    void namesTheLineThatIsWrong() throws IOException {
        attributes("2\nMale Young\n000001.jpg 1 1\n000002.jpg 1\n");
        assertThatThrownBy(() -> CelebADataset.read(directory))
                .isInstanceOf(InvalidDatasetException.class)
                .hasMessageContaining("line 4, has 1 labels; expected 2");

        attributes("1\nMale\n000001.jpg maybe\n");
        assertThatThrownBy(() -> CelebADataset.read(directory)).hasMessageContaining("not 'maybe'");
    }

    @Test
    void saysWhatADatasetHolds() {
        assertThatThrownBy(() -> CelebADataset.read(directory.resolve("elsewhere")))
                .isInstanceOf(InvalidDatasetException.class)
                .hasMessageContaining("img_align_celeba/");
    }

    private void attributes(String text) throws IOException {
        Files.writeString(directory.resolve("list_attr_celeba.txt"), text);
    }
}
