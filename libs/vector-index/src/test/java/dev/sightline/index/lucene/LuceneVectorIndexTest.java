package dev.sightline.index.lucene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sightline.domain.ImageId;
import dev.sightline.index.Deletion;
import dev.sightline.index.VectorIndex;
import dev.sightline.index.VectorIndexContract;
import dev.sightline.index.WriteOutcome;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LuceneVectorIndexTest extends VectorIndexContract {
    @TempDir
    Path directory;

    private VectorIndex open;

    @Override
    protected VectorIndex emptyIndex() {
        open = LuceneVectorIndex.open(directory);
        return open;
    }

    @AfterEach
    void close() {
        open.close();
    }

    @Test
    void everythingSurvivesARestart() {
        open.upsert("faces", List.of(image("kept", 1, axis(0)), image("deleted", 1, axis(1))));
        open.delete("faces", List.of(new Deletion(new ImageId("deleted"), 2)));
        open.alias("active", "faces");
        open.close();
        open = LuceneVectorIndex.open(directory);

        assertThat(open.count("faces")).isEqualTo(1);
        assertThat(open.resolveAlias("active")).contains("faces");
        assertThat(open.upsert("faces", List.of(image("deleted", 1, axis(1))))).containsExactly(WriteOutcome.STALE);
    }

    @Test
    void aSecondProcessIsToldWhoHasTheDirectory() {
        assertThatThrownBy(() -> LuceneVectorIndex.open(directory))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("open in another process");
    }
}
