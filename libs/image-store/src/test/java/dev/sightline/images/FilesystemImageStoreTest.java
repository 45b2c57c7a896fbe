package dev.sightline.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sightline.domain.ContentHash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesystemImageStoreTest {
    @TempDir
    Path directory;

    private ImageStore store;

    @BeforeEach
    void openStore() {
        store = new FilesystemImageStore(directory);
    }

    @Test
    void givesBackWhatWasPutAlsoAfterARestart() {
        byte[] bytes = bytes("a portrait");

        ContentHash hash = store.put(bytes);

        assertThat(new FilesystemImageStore(directory).get(hash))
                .hasValueSatisfying(kept -> assertThat(kept).isEqualTo(bytes));
    }

    @Test
    void sameBytesHaveOneAddressAndOneFile() throws IOException {
        assertThat(store.put(bytes("twice"))).isEqualTo(store.put(bytes("twice")));
        assertThat(files()).hasSize(1);
    }

    @Test
    void unknownHashIsEmpty() {
        ContentHash never = ContentHash.of(bytes("never put"));

        assertThat(store.get(never)).isEmpty();
        assertThat(store.contains(never)).isFalse();
    }

    @Test
    void deletedBytesAreGoneAndDeletingTwiceIsFine() {
        ContentHash hash = store.put(bytes("gone"));

        store.delete(hash);
        store.delete(hash);

        assertThat(store.contains(hash)).isFalse();
    }

    @Test
    void concurrentWritersOfTheSameBytesLeaveOneWholeFile() throws Exception {
        byte[] bytes = bytes("contended".repeat(10_000));
        try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<ContentHash>> puts = IntStream.range(0, 50)
                    .<Callable<ContentHash>>mapToObj(i -> () -> store.put(bytes))
                    .collect(Collectors.toList());
            for (var put : writers.invokeAll(puts)) {
                put.get();
            }
        }
        assertThat(store.get(ContentHash.of(bytes)).orElseThrow()).isEqualTo(bytes);
        assertThat(files()).hasSize(1);
    }

    @Test
    void damagedFileIsReportedNotServed() throws IOException {
        ContentHash hash = store.put(bytes("sound"));
        Files.write(files().getFirst(), bytes("rotten"));

        assertThatThrownBy(() -> store.get(hash))
                .isInstanceOf(ImageStoreUnavailableException.class)
                .hasMessageContaining("no longer has the SHA-256");
    }

    private List<Path> files() throws IOException {
        try (var paths = Files.walk(directory)) {
            return paths.filter(Files::isRegularFile).toList();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
