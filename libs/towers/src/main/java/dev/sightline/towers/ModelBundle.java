package dev.sightline.towers;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.sightline.domain.ContentHash;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * One file that holds a model version: a ZIP of {@code manifest.json}, the parameters of each tower, the TorchScript
 * module of the image tower's backbone if it has one, and {@code SHA256SUMS} over them.
 */
record ModelBundle(ModelManifest manifest, byte[] imageTower, byte[] queryTower, Optional<byte[]> backbone) {
    private static final String MANIFEST = "manifest.json";
    private static final String IMAGE_TOWER = "image-tower.params";
    private static final String QUERY_TOWER = "query-tower.params";
    private static final String BACKBONE = "backbone.pt";
    private static final String CHECKSUMS = "SHA256SUMS";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .addModule(new Jdk8Module())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    /** Writes beside {@code file}, then renames: the file is there whole or not at all. */
    void write(Path file) {
        Path temporary = file.resolveSibling(file.getFileName() + ".writing");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Map<String, byte[]> entries = new LinkedHashMap<>();
            entries.put(MANIFEST, JSON.writeValueAsBytes(manifest));
            entries.put(IMAGE_TOWER, imageTower);
            entries.put(QUERY_TOWER, queryTower);
            backbone.ifPresent(module -> entries.put(BACKBONE, module));
            entries.put(CHECKSUMS, checksums(entries).getBytes(StandardCharsets.UTF_8));
            try (OutputStream output = Files.newOutputStream(temporary);
                    var zip = new ZipOutputStream(output)) {
                zip.setLevel(Deflater.NO_COMPRESSION); // floats shrink by 7% at most, and it takes most of the time
                for (var entry : entries.entrySet()) {
                    zip.putNextEntry(new ZipEntry(entry.getKey()));
                    zip.write(entry.getValue());
                    zip.closeEntry();
                }
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write model bundle " + file, e);
        }
    }

    /** @throws UnusableBundleException if the file is missing, damaged or of another format */
    static ModelBundle read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new UnusableBundleException(
                    "there is no model bundle " + file + "; train one, or correct the registry's directory");
        }
        try (var zip = new ZipFile(file.toFile())) {
            Map<String, byte[]> entries = new LinkedHashMap<>();
            for (String name : new String[] {MANIFEST, IMAGE_TOWER, QUERY_TOWER}) {
                entries.put(name, read(zip, name));
            }
            if (zip.getEntry(BACKBONE) != null) {
                entries.put(BACKBONE, read(zip, BACKBONE));
            }
            var manifestBytes = read(zip, MANIFEST);
            int format = JSON.readTree(manifestBytes).path("formatVersion").asInt(-1);
            if (format != ModelManifest.FORMAT_VERSION) {
                throw new UnusableBundleException("model bundle " + file + " has format " + format
                        + ", but this release reads format " + ModelManifest.FORMAT_VERSION
                        + "; use the Sightline that wrote it, or train again");
            }
            if (!checksums(entries).equals(new String(read(zip, CHECKSUMS), StandardCharsets.UTF_8))) {
                throw damaged(file, new IOException("its content does not have the checksums it was written with"));
            }
            return new ModelBundle(
                    JSON.readValue(manifestBytes, ModelManifest.class),
                    read(zip, IMAGE_TOWER),
                    read(zip, QUERY_TOWER),
                    Optional.ofNullable(entries.get(BACKBONE)));
        } catch (IOException e) {
            throw damaged(file, e);
        }
    }

    private static byte[] read(ZipFile zip, String name) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new IOException(name + " is missing");
        }
        try (var input = zip.getInputStream(entry)) {
            return input.readAllBytes();
        }
    }

    private static String checksums(Map<String, byte[]> entries) {
        var lines = new StringBuilder();
        entries.forEach((name, bytes) ->
                lines.append(ContentHash.of(bytes)).append("  ").append(name).append('\n'));
        return lines.toString();
    }

    private static UnusableBundleException damaged(Path file, IOException cause) {
        return new UnusableBundleException(
                "model bundle " + file + " is truncated or damaged (" + cause.getMessage()
                        + "); copy it again from where it came, or train again",
                cause);
    }
}
