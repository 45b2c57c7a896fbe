package dev.sightline.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sightline.domain.AttributeQuery;
import dev.sightline.domain.ContentHash;
import dev.sightline.domain.Embedding;
import dev.sightline.domain.ImageId;
import dev.sightline.domain.ImageMetadata;
import dev.sightline.index.IndexedImage;
import dev.sightline.index.VectorIndex;
import dev.sightline.index.lucene.LuceneVectorIndex;
import dev.sightline.service.ProblemException;
import dev.sightline.towers.QueryComposition;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four images on a real index; x is Smiling, y tells people apart. */
class ExampleSearchTest {
    private static final String FACES = "faces";

    @TempDir
    Path directory;

    private VectorIndex index;
    private ExampleSearch search;

    @BeforeEach
    void index() {
        index = LuceneVectorIndex.open(directory);
        index.createCollection(FACES, 2);
        index.upsert(
                FACES,
                List.of(
                        image("ann frowning", -1, 1),
                        image("ann smiling", 1, 1),
                        image("bob frowning", -1, -1),
                        image("bob smiling", 1, -1)));
        search = new ExampleSearch(index, QueryComposition.DEFAULT);
    }

    @AfterEach
    void close() {
        index.close();
    }

    @Test
    void likeThisOneButSmiling() {
        assertThat(find(ask("ann frowning").put("require", new JsonArray(List.of("Smiling")))))
                .startsWith("ann smiling")
                .doesNotContain("ann frowning");
    }

    @Test
    void likeThisOneButNotSmiling() {
        assertThat(find(ask("bob smiling").put("exclude", new JsonArray(List.of("Smiling")))))
                .startsWith("bob frowning");
    }

    @Test
    void anExampleAloneFindsItsNeighboursAndNotItself() {
        assertThat(find(ask("ann frowning").put("limit", 3)))
                .hasSize(3)
                .doesNotContain("ann frowning")
                .endsWith("bob smiling");
    }

    @Test
    void theLimitCountsResultsWithoutTheExample() {
        assertThat(find(ask("ann frowning").put("limit", 1))).hasSize(1).doesNotContain("ann frowning");
    }

    @Test
    void namesAnExampleThatIsNotThere() {
        assertThatThrownBy(() -> find(ask("carl")))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.problem().status()).isEqualTo(404))
                .hasMessageContaining("'carl' given in 'like'");
    }

    @Test
    void refusesAnExampleThatIsNoId() {
        assertThatThrownBy(() -> SearchBody.read(new JsonObject().put("like", 7)))
                .hasMessageContaining("'like' must be the id of an image, not 7");
        assertThatThrownBy(() -> SearchBody.read(new JsonObject().put("like", " ")))
                .hasMessageContaining("'like' must be the id of an image");
    }

    @Test
    void refusesToSearchForNothingAtAll() {
        assertThatThrownBy(() -> SearchBody.read(new JsonObject()))
                .hasMessageContaining("'require' or 'exclude'")
                .hasMessageContaining("'like'");
    }

    private List<String> find(JsonObject body) {
        return search.find(FACES, SearchBody.read(body), ExampleSearchTest::embed).stream()
                .map(hit -> hit.id().value())
                .toList();
    }

    private static JsonObject ask(String example) {
        return new JsonObject().put("like", example);
    }

    private static Embedding embed(AttributeQuery query) {
        return Embedding.ofUnit(query.require().contains("Smiling") ? new float[] {1, 0} : new float[] {-1, 0});
    }

    private static IndexedImage image(String id, float smiling, float person) {
        return new IndexedImage(
                new ImageId(id),
                ContentHash.of(id.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                Embedding.normalised(new float[] {smiling, person}),
                1,
                new ImageMetadata("test", Instant.EPOCH, 1, 1, Map.of()),
                Instant.EPOCH);
    }
}
