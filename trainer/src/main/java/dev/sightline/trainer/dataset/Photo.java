package dev.sightline.trainer.dataset;

import dev.sightline.domain.ContentHash;
import dev.sightline.images.ImageStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Where an example's encoded image lies. */
public sealed interface Photo {

    /** What people know it by. */
    String name();

    /** Changes when the bytes do, as far as can be told without reading them. */
    String fingerprint();

    /**
     * The encoded image.
     *
     * @throws IOException if it is gone or cannot be read
     */
    byte[] read() throws IOException;

    /** A file of a dataset on disk. */
    record InFile(Path file) implements Photo {
        @Override
        public String name() {
            return String.valueOf(file.getFileName());
        }

        @Override
        public String fingerprint() {
            return name() + ":" + file.toFile().length();
        }

        @Override
        public byte[] read() throws IOException {
            return Files.readAllBytes(file);
        }
    }

    /** An image that was uploaded. */
    record InStore(ContentHash hash, ImageStore store) implements Photo {
        @Override
        public String name() {
            return hash.hex();
        }

        @Override
        public String fingerprint() {
            return hash.hex();
        }

        @Override
        public byte[] read() throws IOException {
            return store.get(hash)
                    .orElseThrow(() -> new NoSuchFileException(hash.hex(), null, "not in the image store"));
        }
    }
}
