package dev.sightline.trainer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sightline.trainer.ColourSquares;
import dev.sightline.trainer.dataset.Dataset;
import dev.sightline.trainer.dataset.Split;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldOutImagesTest {
    @TempDir
    Path directory;

    @Test
    void judgesByFewerAttributesInAnyOrder() {
        Dataset dataset = ColourSquares.paint(directory, 30);

        GalleryLabels labels = new HeldOutImages(dataset, Split.TEST, directory)
                .judgedBy(List.of("Blue", "Red"))
                .labels();

        assertThat(labels.schema().attributes()).containsExactly("Blue", "Red");
        for (int i = 0; i < 30; i++) {
            assertThat(labels.label(i).at(0))
                    .isEqualTo(dataset.examples().get(i).label().at(2));
            assertThat(labels.label(i).at(1))
                    .isEqualTo(dataset.examples().get(i).label().at(0));
        }
    }

    @Test
    void saysThatASplitIsEmpty() {
        Dataset dataset = ColourSquares.paint(directory, 7);

        assertThatThrownBy(() -> new HeldOutImages(dataset, Split.VALIDATION, directory))
                .hasMessageContaining("no VALIDATION images")
                .hasMessageContaining("it has 7 in its other splits");
    }
}
