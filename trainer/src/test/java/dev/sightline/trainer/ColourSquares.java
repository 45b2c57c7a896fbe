package dev.sightline.trainer;

import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.Label;
import dev.sightline.trainer.dataset.Dataset;
import dev.sightline.trainer.dataset.Example;
import dev.sightline.trainer.dataset.Photo;
import dev.sightline.trainer.dataset.Split;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;

/** Plain squares, all for testing on, whose label is their colour. */
public final class ColourSquares {
    public static final AttributeSchema SCHEMA = new AttributeSchema("colours", List.of("Red", "Green", "Blue"));
    public static final int SIDE = 16;

    private ColourSquares() {}

    /** Paints {@code count} of them into {@code directory}. */
    public static Dataset paint(Path directory, int count) {
        var random = new Random(1);
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] label = new byte[SCHEMA.size()];
            int rgb = 0;
            for (int channel = 0; channel < label.length; channel++) {
                label[channel] = random.nextBoolean() ? Label.PRESENT : Label.ABSENT;
                rgb = rgb << 8 | (label[channel] == Label.PRESENT ? 200 : 20);
            }
            Path file = directory.resolve(i + ".png");
            write(rgb, file);
            examples.add(new Example(new Photo.InFile(file), Label.of(label), Split.TEST));
        }
        return new Dataset(SCHEMA, examples);
    }

    private static void write(int rgb, Path file) {
        var image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        int[] pixels = new int[SIDE * SIDE];
        Arrays.fill(pixels, rgb);
        image.setRGB(0, 0, SIDE, SIDE, pixels, 0, SIDE);
        try {
            ImageIO.write(image, "png", file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
