package dev.sightline.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sightline.domain.ContentHash;
import dev.sightline.domain.Embedding;
import dev.sightline.domain.ImageId;
import dev.sightline.domain.ImageMetadata;
import dev.sightline.domain.ModelState;
import dev.sightline.domain.ModelVersion;
import dev.sightline.events.BackfillFailed;
import dev.sightline.events.BackfillRequested;
import dev.sightline.events.ImageContent;
import dev.sightline.events.ImageDeleted;
import dev.sightline.events.ImageEvent;
import dev.sightline.events.ImageUploaded;
import dev.sightline.events.IndexEvent;
import dev.sightline.events.ModelStateChanged;
import dev.sightline.events.ModelVersions;
import dev.sightline.events.Received;
import dev.sightline.events.RefusedEventException;
import dev.sightline.events.RetryableException;
import dev.sightline.faces.FaceDataset;
import dev.sightline.images.FilesystemImageStore;
import dev.sightline.index.InMemoryVectorIndex;
import dev.sightline.index.IndexedImage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one image becomes when several versions take writes. */
class EmbedPipelineTest {
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
    private static final ImageId ID = new ImageId("a");

    @TempDir
    Path directory;

    private final InMemoryVectorIndex index = new InMemoryVectorIndex();
    private final LiveModels models = new LiveModels(index, "s", () -> {});
    private final Queue<Object> told = new ConcurrentLinkedQueue<>();
    private FilesystemImageStore store;
    private EmbedPipeline pipeline;
    private byte[] face;

    private final class Told implements EmbedPipeline.Outcomes {
        @Override
        public CompletionStage<Void> tell(IndexEvent event) {
            told.add(event);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Void> tell(BackfillFailed event) {
            told.add(event);
            return CompletableFuture.completedFuture(null);
        }
    }

    @BeforeEach
    void start() throws IOException {
        new FaceDataset(1, 0, 0, 3).write(directory.resolve("faces"), done -> {});
        face = Files.readAllBytes(directory.resolve("faces/img_align_celeba").resolve(FaceDataset.fileName(0)));
        store = new FilesystemImageStore(directory.resolve("images"));
        pipeline =
                new EmbedPipeline(EmbedSettings.DEFAULT, store, index, models, new Told(), new SimpleMeterRegistry());
        pipeline.start();
    }

    @AfterEach
    void stop() {
        pipeline.close();
        models.close();
    }

    @Test
    void anUploadGoesToEveryVersionThatTakesWrites() {
        live(false);
        upload(5);

        assertThat(index.fetch("s_v1", List.of(ID)).get(ID).ordering()).isEqualTo(5);
        assertThat(index.fetch("s_v2", List.of(ID)).get(ID).ordering()).isEqualTo(5);
        assertThat(index.fetch("s_v1", List.of(ID)).get(ID).embedding())
                .isNotEqualTo(index.fetch("s_v2", List.of(ID)).get(ID).embedding());
        assertThat(told)
                .singleElement()
                .isInstanceOfSatisfying(
                        IndexEvent.ImageIndexed.class,
                        indexed -> assertThat(indexed.version()).isEqualTo(new ModelVersion("v1")));

        join(pipeline.handle(received(new ImageDeleted(ID, NOON), 6)));
        assertThat(index.count("s_v1") + index.count("s_v2")).isZero();
    }

    @Test
    void aVersionThatDoesNotServeAndCannotEmbedAnImageHindersNobody() {
        live(true);
        index.upsert("s_v2", List.of(anEntry(1)));
        upload(5);

        assertThat(index.fetch("s_v1", List.of(ID))).containsKey(ID);
        assertThat(index.fetch("s_v2", List.of(ID))).as("what it held is older").isEmpty();
        assertThat(told)
                .hasSize(2)
                .anySatisfy(event -> assertThat(event).isInstanceOfSatisfying(BackfillFailed.class, failed -> {
                    assertThat(failed.reason()).isEqualTo("NOT_EMBEDDABLE");
                    assertThat(failed.backfillSince()).isEqualTo(NOON);
                }));
    }

    @Test
    void aJobForAnImageTheVersionCannotEmbedIsRefusedAndTold() {
        live(true);
        upload(5);
        told.clear();

        assertThatThrownBy(() -> join(pipeline.backfill(job("v2"))))
                .hasCauseInstanceOf(RefusedEventException.class)
                .hasMessageContaining("v2 cannot embed image 'a'");
        assertThat(told).singleElement().isInstanceOf(BackfillFailed.class);
    }

    @Test
    void aJobWritesWithTheOrderingItCameWith() {
        live(false);
        ContentHash hash = store.put(face);
        index.upsert("s_v2", List.of());
        join(pipeline.backfill(job("v2")));

        assertThat(index.fetch("s_v2", List.of(ID)).get(ID).ordering()).isEqualTo(5);
        assertThat(index.fetch("s_v2", List.of(ID)).get(ID).contentHash()).isEqualTo(hash);
        assertThat(index.count("s_v1")).isZero();
    }

    @Test
    void aJobForAVersionThatIsOverIsDoneAndOneForAnUnknownVersionWaits() {
        live(false);
        apply(versions().with(version("v2", false).closed("over", NOON)));
        join(pipeline.backfill(job("v2")));

        assertThat(told).isEmpty();
        assertThatThrownBy(() -> join(pipeline.backfill(job("v3")))).isInstanceOf(RetryableException.class);
        assertThat(pipeline.retrying())
                .singleElement()
                .satisfies(retrying -> assertThat(retrying.reason()).contains("v3 is not loaded here yet"));
    }

    @Test
    void anImageTheServingVersionCannotEmbedHasFailed() {
        apply(ModelVersions.NONE
                .with(version("v1", true).to(ModelState.ACTIVE, "first", NOON))
                .with(version("v2", false).to(ModelState.BACKFILLING, "wanted", NOON)));

        assertThatThrownBy(() -> upload(5)).hasCauseInstanceOf(RefusedEventException.class);
        assertThat(told).singleElement().isInstanceOf(IndexEvent.ImageFailed.class);
        assertThat(index.count("s_v2")).as("nor is it in another version").isZero();
    }

    private void live(boolean secondIsBroken) {
        apply(ModelVersions.NONE
                .with(version("v1", false).to(ModelState.ACTIVE, "first", NOON))
                .with(version("v2", secondIsBroken).to(ModelState.BACKFILLING, "wanted", NOON)));
    }

    private void apply(ModelVersions versions) {
        models.apply(versions);
    }

    private ModelVersions versions() {
        return models.versions();
    }

    private ModelStateChanged version(String name, boolean broken) {
        return TinyModels.save(directory, name, broken);
    }

    private void upload(long ordering) {
        join(pipeline.handle(
                received(new ImageUploaded(ID, new ImageContent.Inline(face), "test", NOON, Map.of()), ordering)));
    }

    private static Received<ImageEvent> received(ImageEvent event, long ordering) {
        return new Received<>(event, ordering, 0, NOON);
    }

    private Received<BackfillRequested> job(String version) {
        return new Received<>(
                new BackfillRequested(
                        ID,
                        ContentHash.of(face),
                        new ModelVersion(version),
                        5,
                        new ImageMetadata("test", NOON, 1, 1, Map.of())),
                99,
                0,
                NOON);
    }

    private IndexedImage anEntry(long ordering) {
        float[] vector = new float[TinyModels.DIMENSION];
        vector[0] = 1;
        return new IndexedImage(
                ID,
                ContentHash.of(face),
                Embedding.ofUnit(vector),
                ordering,
                new ImageMetadata("test", NOON, 1, 1, Map.of()),
                NOON);
    }

    private static void join(CompletionStage<Void> stage) throws CompletionException {
        stage.toCompletableFuture().join();
    }
}
