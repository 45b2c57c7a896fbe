package dev.sightline.trainer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.Label;
import dev.sightline.towers.Preprocessing;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparedImagesTest {
    private static final Preprocessing PREPROCESSING = new Preprocessing(16);
    private static final int BYTES = PREPROCESSING.byteCount();
    private static final int IMAGES = 5;

    @TempDir
    Path directory;

    private Path cache;
    private Dataset dataset;
    private final AtomicInteger decoded = new AtomicInteger();

    @BeforeEach
    void paint() throws IOException {
        cache = directory.resolve("cache");
        dataset = dataset("a");
    }

    @Test
    void aSecondRunDecodesNothing() {
        open(dataset, Long.MAX_VALUE).close();
        assertThat(decoded).hasValue(IMAGES);
        open(dataset, Long.MAX_VALUE).close();
        assertThat(decoded).hasValue(IMAGES);
    }

    @Test
    void whatIsBeyondTheLimitIsDecodedWhenAskedFor() throws IOException {
        try (PreparedImages all = open(dataset, Long.MAX_VALUE)) {
            for (int kept : new int[] {3, 0}) {
                try (PreparedImages some = open(dataset, (long) kept * BYTES + 1)) {
                    assertThat(files())
                            .singleElement()
                            .satisfies(file -> assertThat(file).hasSize((long) kept * BYTES));
                    for (int i = 0; i < IMAGES; i++) {
                        assertThat(some.get(i)).isEqualTo(all.get(i));
                    }
                }
            }
        }
    }

    @Test
    void whatWasNotUsedForLongestMakesRoom() throws IOException {
        open(dataset, Long.MAX_VALUE).close();
        Path oldest = files().getFirst();
        Files.setLastModifiedTime(oldest, FileTime.from(Instant.EPOCH));
        open(dataset("b"), Long.MAX_VALUE).close();
        assertThat(files()).hasSize(2);

        open(dataset("c"), 2L * IMAGES * BYTES).close();

        assertThat(files()).hasSize(2).doesNotContain(oldest);
    }

    @Test
    void namesTheImageThatCannotBeDecoded() throws IOException {
        Files.writeString(directory.resolve("a-3.png"), "no image");
        assertThatThrownBy(() -> open(dataset, Long.MAX_VALUE))
                .isInstanceOf(InvalidDatasetException.class)
                .hasMessageContaining("a-3.png");
    }

    private PreparedImages open(Dataset images, long maxBytes) {
        return PreparedImages.open(images, PREPROCESSING, cache, maxBytes, done -> decoded.incrementAndGet());
    }

    private List<Path> files() throws IOException {
        try (var files = Files.list(cache)) {
            return files.toList();
        }
    }

    private Dataset dataset(String name) throws IOException {
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < IMAGES; i++) {
            Path file = directory.resolve(name + "-" + i + ".png");
            var image = new BufferedImage(20, 20, BufferedImage.TYPE_INT_RGB);
            image.setRGB(i, i, Color.HSBtoRGB(i / 5f, 1, 1));
            ImageIO.write(image, "png", file.toFile());
            examples.add(new Example(new Photo.InFile(file), Label.of(new byte[] {1}), Split.TRAIN));
        }
        return new Dataset(new AttributeSchema("test", List.of("Dotted")), examples);
    }
}
