package dev.sightline.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sightline.domain.ModelState;
import dev.sightline.events.ModelStateChanged;
import dev.sightline.events.ModelVersions;
import dev.sightline.index.InMemoryVectorIndex;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveModelsTest {
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
    private static final Instant ONE = NOON.plusSeconds(3600);

    @TempDir
    Path directory;

    private final InMemoryVectorIndex index = new InMemoryVectorIndex();
    private final AtomicInteger told = new AtomicInteger();
    private final LiveModels models = new LiveModels(index, "s", told::incrementAndGet);
    private ModelStateChanged v1;
    private ModelStateChanged v2;
    private ModelVersions versions = ModelVersions.NONE;

    @BeforeEach
    void start() {
        v1 = TinyModels.save(directory, "v1");
        v2 = TinyModels.save(directory, "v2");
        say(v1.to(ModelState.ACTIVE, "first", NOON));
    }

    @AfterEach
    void stop() {
        models.close();
    }

    @Test
    void aVersionIsClaimedOnlyWhenWhatBeganWithoutItIsDone() {
        LiveModels.Pinned before = models.pin();
        say(v2.to(ModelState.BACKFILLING, "wanted", ONE));
        LiveModels.Pinned after = models.pin();

        assertThat(before.models()).extracting(LiveModel::version).containsExactly(v1.version());
        assertThat(after.models()).extracting(LiveModel::version).containsExactly(v1.version(), v2.version());
        assertThat(models.writes()).isEqualTo(Map.of(v1.version(), NOON));
        int before1 = told.get();
        before.close();

        assertThat(models.writes()).isEqualTo(Map.of(v1.version(), NOON, v2.version(), ONE));
        assertThat(told.get()).as("it says so at once").isGreaterThan(before1);
        after.close();
    }

    @Test
    void aVersionGivenUpAndTakenUpAgainIsClaimedAnew() {
        say(v2.to(ModelState.BACKFILLING, "wanted", NOON));
        LiveModels.Pinned firstLife = models.pin();
        say(v2.to(ModelState.REJECTED, "no", NOON));
        say(v2.to(ModelState.BACKFILLING, "yes", ONE));

        assertThat(models.writes()).doesNotContainKey(v2.version());
        firstLife.close();
        assertThat(models.writes()).containsEntry(v2.version(), ONE);
    }

    @Test
    void aRetiredModelIsClosedWhenTheLastEventOnItIsDone() {
        say(v2.to(ModelState.ACTIVE, "filled", ONE));
        LiveModels.Pinned working = models.pin();
        LiveModel retired = working.models().stream()
                .filter(model -> model.version().equals(v1.version()))
                .findFirst()
                .orElseThrow();
        byte[] pixels = new byte[3 * 32 * 32];
        say(v1.closed("over", ONE));

        assertThat(models.pin().models()).extracting(LiveModel::version).containsExactly(v2.version());
        assertThat(retired.embedder().embed(List.of(pixels))).hasSize(1);
        working.close();
        assertThatThrownBy(() -> retired.embedder().embed(List.of(pixels))).isInstanceOf(RuntimeException.class);
    }

    @Test
    void whatCannotBeLoadedIsAProblemUntilItCan() throws Exception {
        Path bundle = Path.of(v2.bundle());
        Path away = directory.resolve("away");
        Files.move(bundle, away);
        say(v2.to(ModelState.BACKFILLING, "wanted", ONE));

        assertThat(models.problems().get(v2.version())).contains("there is no model bundle");
        assertThat(models.writes()).containsOnlyKeys(v1.version());
        Files.move(away, bundle);
        models.retry();

        assertThat(models.problems()).isEmpty();
        assertThat(models.writes()).containsOnlyKeys(v1.version(), v2.version());
        assertThat(index.collections()).containsExactlyInAnyOrder("s_v1", "s_v2");
    }

    private void say(ModelStateChanged event) {
        versions = versions.with(event);
        models.apply(versions);
    }
}
