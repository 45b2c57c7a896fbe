package dev.sightline.faces;

import static dev.sightline.faces.FaceAttribute.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaceDatasetTest {
    private static final List<Face> PEOPLE = IntStream.range(0, 5_000)
            .mapToObj(i -> new FaceSampler(Random.from(new SplittableRandom(i))).sample())
            .toList();

    @TempDir
    Path directory;

    @Test
    void theSameSeedPaintsTheSameFiles() throws IOException {
        var dataset = new FaceDataset(12, 2, 4, 7);
        dataset.write(directory.resolve("one"), done -> {});
        dataset.write(directory.resolve("two"), done -> {});

        for (Path file : files(directory.resolve("one"))) {
            Path twin =
                    directory.resolve("two").resolve(directory.resolve("one").relativize(file));
            assertThat(Files.mismatch(file, twin)).as(file.toString()).isEqualTo(-1);
        }
        assertThat(files(directory.resolve("one"))).hasSize(14);
    }

    @Test
    void anotherSeedPaintsOthers() throws IOException {
        new FaceDataset(1, 0, 0, 1).write(directory.resolve("one"), done -> {});
        new FaceDataset(1, 0, 0, 2).write(directory.resolve("two"), done -> {});

        assertThat(Files.mismatch(face(directory.resolve("one")), face(directory.resolve("two"))))
                .isNotEqualTo(-1);
    }

    @Test
    void writesTheCelebALayout() throws IOException {
        new FaceDataset(5, 1, 2, 1).write(directory, done -> {});

        List<String> lines = Files.readAllLines(directory.resolve("list_attr_celeba.txt"));
        assertThat(lines.getFirst()).isEqualTo("5");
        assertThat(lines.get(1).split(" "))
                .hasSize(FaceAttribute.values().length)
                .contains("Male", "No_Beard");
        assertThat(lines.get(2)).matches("000001\\.jpg( -?1){26}");
        assertThat(Files.readAllLines(directory.resolve("list_eval_partition.txt")))
                .containsExactly("000001.jpg 0", "000002.jpg 0", "000003.jpg 1", "000004.jpg 2", "000005.jpg 2");
        var image = ImageIO.read(face(directory).toFile());
        assertThat(image.getWidth()).isEqualTo(178);
        assertThat(image.getHeight()).isEqualTo(218);
    }

    @Test
    void aFinishedFolderIsNotPaintedAgain() throws IOException {
        new FaceDataset(2, 0, 0, 1).write(directory, done -> {});
        List<Integer> painted = new ArrayList<>();
        new FaceDataset(2, 0, 0, 1).write(directory, painted::add);

        assertThat(painted).isEmpty();
    }

    @Test
    void nobodyContradictsThemselves() {
        assertThat(PEOPLE).allSatisfy(face -> {
            long colours = Stream.of(BLACK_HAIR, BLOND_HAIR, BROWN_HAIR, GRAY_HAIR)
                    .filter(face::has)
                    .count();
            assertThat(colours).isEqualTo(face.has(BALD) ? 0 : 1);
            assertThat(face.has(WAVY_HAIR) && face.has(STRAIGHT_HAIR)).isFalse();
            assertThat(face.has(NO_BEARD) && (face.has(GOATEE) || face.fullBeard()))
                    .isFalse();
            assertThat(face.has(WEARING_HAT) && (face.has(BALD) || face.has(BANGS) || face.has(RECEDING_HAIRLINE)))
                    .isFalse();
        });
    }

    @Test
    void everyAttributeIsCommonEnoughToAskFor() {
        for (FaceAttribute attribute : FaceAttribute.values()) {
            double share = PEOPLE.stream().filter(face -> face.has(attribute)).count() / (double) PEOPLE.size();
            assertThat(share).as(attribute.celebaName()).isBetween(0.07, 0.8);
        }
    }

    @Test
    void attributesGoTogetherAsInLife() {
        assertThat(share(BALD, MALE, true)).isGreaterThan(share(BALD, MALE, false));
        assertThat(share(WEARING_LIPSTICK, MALE, false)).isGreaterThan(share(WEARING_LIPSTICK, MALE, true));
        assertThat(share(GRAY_HAIR, YOUNG, false)).isGreaterThan(share(GRAY_HAIR, YOUNG, true));
    }

    private static double share(FaceAttribute attribute, FaceAttribute among, boolean having) {
        List<Face> group =
                PEOPLE.stream().filter(face -> face.has(among) == having).toList();
        return group.stream().filter(face -> face.has(attribute)).count() / (double) group.size();
    }

    private static Path face(Path dataset) {
        return dataset.resolve("img_align_celeba").resolve(FaceDataset.fileName(0));
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
