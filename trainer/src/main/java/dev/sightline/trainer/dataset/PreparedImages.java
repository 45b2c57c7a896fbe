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
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * The pixels of a dataset, decoded and scaled once into one memory-mapped file, so that training reads them as fast as
 * the page cache gives them and a second run starts at once. What is beyond the limit is decoded each time it is asked
 * for. Thread-safe to read.
 */
public final class PreparedImages implements AutoCloseable {
    /** 2.4 million photos at 96×96, or 440 thousand at 224×224. */
    private static final long MAX_BYTES = 64L << 30;

    private final List<Example> examples;
    private final PhotoPixels photos;
    private final int byteCount;
    private final Arena arena;
    private final MemorySegment pixels;

    private PreparedImages(
            List<Example> examples, PhotoPixels photos, int byteCount, Arena arena, MemorySegment pixels) {
        this.examples = examples;
        this.photos = photos;
        this.byteCount = byteCount;
        this.arena = arena;
        this.pixels = pixels;
    }

    /** Decodes and scales. Thread-safe. */
    private record PhotoPixels(ImageDecoder decoder, Preprocessor preprocessor) {
        byte[] of(Photo photo) {
            try {
                return preprocessor.prepare(decoder.decode(photo.read()));
            } catch (RefusedImageException | IOException e) {
                throw new InvalidDatasetException("cannot use image " + photo.name() + ": " + e.getMessage(), e);
            }
        }
    }

    /**
     * Opens the file of these photos and preprocessing in {@code cache}, making it first if it is not there. All files in
     * {@code cache} together stay within 64 GiB: those not used for longest go.
     *
     * @param prepared told after each image how many are done; from several threads
     * @throws InvalidDatasetException if an image cannot be decoded
     */
    public static PreparedImages open(Dataset dataset, Preprocessing preprocessing, Path cache, IntConsumer prepared) {
        return open(dataset, preprocessing, cache, MAX_BYTES, prepared);
    }

    static PreparedImages open(
            Dataset dataset, Preprocessing preprocessing, Path cache, long maxBytes, IntConsumer prepared) {
        String name = dataset.photosFingerprint().hex().substring(0, 16) + "-" + preprocessing.inputSize() + ".pixels";
        Path file = cache.resolve(name);
        var photos = new PhotoPixels(new ImageDecoder(ImageLimits.DEFAULT), new Preprocessor(preprocessing));
        List<Example> examples = dataset.examples();
        int kept = (int) Math.min(examples.size(), maxBytes / preprocessing.byteCount());
        long size = (long) kept * preprocessing.byteCount();
        try {
            Files.createDirectories(cache);
            evict(cache, file, maxBytes - size);
            if (!Files.exists(file) || Files.size(file) != size) {
                Path temporary = cache.resolve(name + ".writing");
                write(examples.subList(0, kept), photos, temporary, size, prepared);
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            }
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
            Arena arena = Arena.ofShared();
            try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
                MemorySegment pixels = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
                return new PreparedImages(examples, photos, preprocessing.byteCount(), arena, pixels);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare images in " + file, e);
        }
    }

    /** Deletes what was not used for longest until all files but {@code spared} are within {@code maxBytes}. */
    private static void evict(Path cache, Path spared, long maxBytes) throws IOException {
        List<Path> newestFirst;
        try (var files = Files.list(cache)) {
            newestFirst = files.filter(file -> !file.equals(spared))
                    .sorted(Comparator.comparing((Path file) -> file.toFile().lastModified())
                            .reversed())
                    .toList();
        }
        long bytes = 0;
        for (Path file : newestFirst) {
            bytes += Files.size(file);
            if (bytes > maxBytes) {
                Files.delete(file);
            }
        }
    }

    private static void write(List<Example> examples, PhotoPixels photos, Path file, long size, IntConsumer prepared)
            throws IOException {
        var done = new AtomicInteger();
        try (var channel = FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
                Arena arena = Arena.ofShared()) {
            MemorySegment target = channel.map(FileChannel.MapMode.READ_WRITE, 0, size, arena);
            IntStream.range(0, examples.size()).parallel().forEach(i -> {
                byte[] planes = photos.of(examples.get(i).photo());
                MemorySegment.copy(planes, 0, target, ValueLayout.JAVA_BYTE, (long) i * planes.length, planes.length);
                prepared.accept(done.incrementAndGet());
            });
            target.force();
        }
    }

    /**
     * A copy of image {@code ordinal}: {@code [3, size, size]} bytes.
     *
     * @throws InvalidDatasetException if it is beyond the limit and cannot be decoded
     */
    public byte[] get(int ordinal) {
        long at = (long) ordinal * byteCount;
        if (at >= pixels.byteSize()) {
            return photos.of(examples.get(ordinal).photo());
        }
        byte[] planes = new byte[byteCount];
        MemorySegment.copy(pixels, ValueLayout.JAVA_BYTE, at, planes, 0, byteCount);
        return planes;
    }

    @Override
    public void close() {
        arena.close();
    }
}
