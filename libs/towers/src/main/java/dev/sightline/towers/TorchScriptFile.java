package dev.sightline.towers;

import dev.sightline.domain.ContentHash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file with a backbone, as {@code torch.jit.save} writes it.
 *
 * @param sha256 of what it held when it was named
 */
public record TorchScriptFile(Path path, ContentHash sha256) {

    /** @throws IllegalArgumentException if there is no such file */
    public static TorchScriptFile at(Path path) {
        return new TorchScriptFile(path, ContentHash.of(read(path)));
    }

    /** @throws IllegalArgumentException if the file is gone or has changed */
    byte[] read() {
        byte[] bytes = read(path);
        if (!ContentHash.of(bytes).equals(sha256)) {
            throw new IllegalArgumentException("the file has changed since it was named; name it again");
        }
        return bytes;
    }

    private static byte[] read(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new IllegalArgumentException(
                    "there is no TorchScript file " + path + "; write one with trainer/export_backbone.py");
        }
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }
}
