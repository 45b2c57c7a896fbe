package dev.sightline.trainer.dataset;

import dev.sightline.images.ImageDecoder;
import dev.sightline.images.ImageLimits;
import dev.sightline.images.RefusedImageException;
import dev.sightline.towers.Preprocessing;
import dev.sightline.towers.Preprocessor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * The pixels of a dataset, decoded and scaled once into one memory-mapped file, so that training reads them as fast as
 * the page cache gives them and a second run starts at once. Thread-safe to read.
 */
public final class PreparedImages implements AutoCloseable {
    private final int byteCount;
    private final Arena arena;
    private final MemorySegment pixels;

    private PreparedImages(int byteCount, Arena arena, MemorySegment pixels) {
        this.byteCount = byteCount;
        this.arena = arena;
        this.pixels = pixels;
    }

    /**
     * Opens the file of these photos and preprocessing in {@code cache}, making it first if it is not there.
     *
     * @param prepared told after each image how many are done; from several threads
     * @throws InvalidDatasetException if an image cannot be decoded
     */
    public static PreparedImages open(Dataset dataset, Preprocessing preprocessing, Path cache, IntConsumer prepared) {
        String name = dataset.photosFingerprint().hex().substring(0, 16) + "-" + preprocessing.inputSize() + ".pixels";
        Path file = cache.resolve(name);
        long size = (long) dataset.examples().size() * preprocessing.byteCount();
        try {
            if (!Files.exists(file) || Files.size(file) != size) {
                Files.createDirectories(cache);
                Path temporary = cache.resolve(name + ".writing");
                write(dataset.examples(), preprocessing, temporary, size, prepared);
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            }
            Arena arena = Arena.ofShared();
            try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
                return new PreparedImages(
                        preprocessing.byteCount(), arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare images in " + file, e);
        }
    }

    private static void write(
            List<Example> examples, Preprocessing preprocessing, Path file, long size, IntConsumer prepared)
            throws IOException {
        var decoder = new ImageDecoder(ImageLimits.DEFAULT);
        var preprocessor = new Preprocessor(preprocessing);
        var done = new java.util.concurrent.atomic.AtomicInteger();
        try (var channel = FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
                Arena arena = Arena.ofShared()) {
            MemorySegment target = channel.map(FileChannel.MapMode.READ_WRITE, 0, size, arena);
            IntStream.range(0, examples.size()).parallel().forEach(i -> {
                byte[] planes =
                        preprocessor.prepare(decode(decoder, examples.get(i).photo()));
                MemorySegment.copy(planes, 0, target, ValueLayout.JAVA_BYTE, (long) i * planes.length, planes.length);
                prepared.accept(done.incrementAndGet());
            });
            target.force();
        }
    }

    private static java.awt.image.BufferedImage decode(ImageDecoder decoder, Photo photo) {
        try {
            return decoder.decode(photo.read());
        } catch (RefusedImageException | IOException e) {
            throw new InvalidDatasetException("cannot use image " + photo.name() + ": " + e.getMessage(), e);
        }
    }

    /** A copy of image {@code ordinal}: {@code [3, size, size]} bytes. */
    public byte[] get(int ordinal) {
        byte[] planes = new byte[byteCount];
        MemorySegment.copy(pixels, ValueLayout.JAVA_BYTE, (long) ordinal * byteCount, planes, 0, byteCount);
        return planes;
    }

    @Override
    public void close() {
        arena.close();
    }
}
