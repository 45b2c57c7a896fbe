package dev.sightline.images;

import dev.sightline.domain.ContentHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;

/**
 * Files under {@code <directory>/ab/cd/abcd…}, 65,536 folders at the most. A file appears under its name only when whole
 * and synced, so a crash leaves at worst an unnamed temporary file. Several processes may share the directory.
 */
public final class FilesystemImageStore implements ImageStore {
    private static final String TEMPORARY = "incoming";

    private final Path directory;

    public FilesystemImageStore(Path directory) {
        this.directory = directory;
    }

    @Override
    public ContentHash put(byte[] bytes) {
        ContentHash hash = ContentHash.of(bytes);
        Path file = file(hash);
        if (Files.exists(file)) {
            return hash;
        }
        Path temporary = directory.resolve(TEMPORARY).resolve(hash.hex() + "." + UUID.randomUUID());
        try {
            Files.createDirectories(temporary.getParent());
            Files.createDirectories(file.getParent());
            try (FileChannel channel =
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            return hash;
        } catch (IOException e) {
            throw unavailable("write", file, e);
        }
    }

    @Override
    public Optional<byte[]> get(ContentHash hash) {
        Path file = file(hash);
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw unavailable("read", file, e);
        }
        if (!ContentHash.of(bytes).equals(hash)) {
            throw unavailable("read", file, new IOException("its content no longer has the SHA-256 it is named by"));
        }
        return Optional.of(bytes);
    }

    @Override
    public boolean contains(ContentHash hash) {
        return Files.exists(file(hash));
    }

    @Override
    public void delete(ContentHash hash) {
        try {
            Files.deleteIfExists(file(hash));
        } catch (IOException e) {
            throw unavailable("delete", file(hash), e);
        }
    }

    private Path file(ContentHash hash) {
        String hex = hash.hex();
        return directory
                .resolve(hex.substring(0, 2))
                .resolve(hex.substring(2, 4))
                .resolve(hex);
    }

    private static ImageStoreUnavailableException unavailable(String action, Path file, IOException cause) {
        return new ImageStoreUnavailableException(
                "cannot " + action + " " + file + " (" + cause.getMessage() + "); check that the image store's disk is"
                        + " mounted, writable and not full",
                cause);
    }
}
