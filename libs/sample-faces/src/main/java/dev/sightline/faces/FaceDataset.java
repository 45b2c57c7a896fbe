package dev.sightline.faces;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;

/**
 * Painted faces in the CelebA layout: {@code img_align_celeba/}, {@code list_attr_celeba.txt} and
 * {@code list_eval_partition.txt}. The same numbers and seed give the same files, whatever the machine's cores.
 *
 * @param count faces in all
 * @param validation how many of them are for validation, the second-last part
 * @param heldOut how many of them are for testing, the last part
 */
public record FaceDataset(int count, int validation, int heldOut, long seed) {
    private static final String IMAGES = "img_align_celeba";
    private static final String ATTRIBUTES = "list_attr_celeba.txt";
    private static final String PARTITION = "list_eval_partition.txt";

    public FaceDataset {
        if (count < 1 || validation < 0 || heldOut < 0 || validation + heldOut > count) {
            throw new IllegalArgumentException("of " + count + " faces, " + validation + " and " + heldOut
                    + " cannot be for validation and testing");
        }
    }

    /** The file name of face {@code ordinal}, 0-based. */
    public static String fileName(int ordinal) {
        return "%06d.jpg".formatted(ordinal + 1);
    }

    /**
     * Paints what is not there yet; the attribute list comes last, so a folder that has it is whole.
     *
     * @param painted told after each face how many are done; from several threads
     * @throws UncheckedIOException if the folder cannot be written
     */
    public void write(Path directory, IntConsumer painted) {
        if (Files.exists(directory.resolve(ATTRIBUTES))) {
            return;
        }
        try {
            Files.createDirectories(directory.resolve(IMAGES));
            var done = new AtomicInteger();
            List<Face> faces = IntStream.range(0, count)
                    .parallel()
                    .mapToObj(i -> {
                        Face face = paint(directory.resolve(IMAGES).resolve(fileName(i)), i);
                        painted.accept(done.incrementAndGet());
                        return face;
                    })
                    .toList();
            Files.write(
                    directory.resolve(PARTITION),
                    IntStream.range(0, count).mapToObj(this::partitionLine).toList());
            Path temporary = directory.resolve(ATTRIBUTES + ".writing");
            Files.write(temporary, attributeLines(faces));
            Files.move(temporary, directory.resolve(ATTRIBUTES), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write painted faces to " + directory, e);
        }
    }

    private Face paint(Path file, int ordinal) {
        // Random's own seeds, when near, give near numbers first; SplittableRandom's do not.
        Random random = Random.from(new SplittableRandom(seed * 1_000_003 + ordinal));
        Face face = new FaceSampler(random).sample();
        BufferedImage image = new FacePainter().paint(face, random);
        try {
            Files.write(file, jpeg(image, 0.7f + 0.22f * random.nextFloat()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        return face;
    }

    private static byte[] jpeg(BufferedImage image, float quality) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        var bytes = new ByteArrayOutputStream();
        try (var output = new javax.imageio.stream.MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(output);
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionQuality(quality);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private String partitionLine(int ordinal) {
        int split = ordinal >= count - heldOut ? 2 : ordinal >= count - heldOut - validation ? 1 : 0;
        return fileName(ordinal) + " " + split;
    }

    private static List<String> attributeLines(List<Face> faces) {
        Stream<String> head =
                Stream.of(Integer.toString(faces.size()), String.join(" ", FaceAttribute.SCHEMA.attributes()));
        Stream<String> rows = IntStream.range(0, faces.size())
                .mapToObj(i -> fileName(i) + " "
                        + Stream.of(FaceAttribute.values())
                                .map(attribute -> faces.get(i).has(attribute) ? "1" : "-1")
                                .collect(Collectors.joining(" ")));
        return Stream.concat(head, rows).toList();
    }
}
