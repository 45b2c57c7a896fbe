package dev.sightline.index.milvus;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sightline.index.IndexUnavailableException;
import dev.sightline.index.VectorIndex;
import dev.sightline.index.VectorIndexContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

class MilvusVectorIndexIT extends VectorIndexContract {
    @TempDir(cleanup = CleanupMode.NEVER)
    static Path directory;

    private static MilvusServer server;

    private VectorIndex index;

    @BeforeAll
    static void startServer() throws IOException {
        server = MilvusServer.startOrSkip(directory);
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    protected VectorIndex emptyIndex() {
        index = MilvusVectorIndex.connect(server.settings().withStrongSearch());
        index.collections().forEach(index::drop);
        return index;
    }

    @AfterEach
    void close() {
        index.close();
    }

    @Test
    void anAddressWithoutMilvusIsNamed() {
        assertThatThrownBy(() -> MilvusVectorIndex.connect(new MilvusSettings("http://127.0.0.1:1")))
                .isInstanceOf(IndexUnavailableException.class)
                .hasMessageContaining("no Milvus answers at http://127.0.0.1:1");
    }
}
