package dev.sightline.trainer.retraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sightline.domain.ContentHash;
import dev.sightline.domain.Embedding;
import dev.sightline.domain.ImageId;
import dev.sightline.domain.ImageMetadata;
import dev.sightline.domain.ModelState;
import dev.sightline.domain.ModelVersion;
import dev.sightline.events.EventCodecs;
import dev.sightline.events.EventProducer;
import dev.sightline.events.ImageLabelled;
import dev.sightline.events.KafkaSettings;
import dev.sightline.events.ModelStateChanged;
import dev.sightline.events.Topics;
import dev.sightline.events.broker.EmbeddedBroker;
import dev.sightline.faces.FaceDataset;
import dev.sightline.images.FilesystemImageStore;
import dev.sightline.index.IndexedImage;
import dev.sightline.index.lucene.LuceneVectorIndex;
import dev.sightline.service.process.ServiceHost;
import dev.sightline.towers.ModelManifest;
import dev.sightline.trainer.TrainerService;
import dev.sightline.trainer.lifecycle.LifecycleSettings;
import dev.sightline.trainer.registry.ModelRegistry;
import dev.sightline.trainer.training.TrainingRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A trainer left to itself, on a real broker: what is said of images becomes a version, and a better one replaces it. */
class RetrainingIT {
    private static final Topics TOPICS = new Topics("", 2, (short) -1, Duration.ofDays(1), 1 << 20);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int ENOUGH = 6;

    @TempDir(cleanup = CleanupMode.NEVER)
    Path directory;

    @Test
    void enoughLabelsBecomeAVersionAndMoreOfThemACandidateForItsPlace() throws Exception {
        new FaceDataset(300, 60, 60, 5).write(directory.resolve("faces"), done -> {});
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"));
                LuceneVectorIndex index = LuceneVectorIndex.open(directory.resolve("index"));
                var host = new ServiceHost(0)) {
            KafkaSettings kafka = broker.settings(Map.of());
            try (Admin admin = Admin.create(kafka.with(Map.of()))) {
                TOPICS.ensure(admin);
            }
            var store = new FilesystemImageStore(directory.resolve("images"));
            var registry = new ModelRegistry(directory.resolve("models"));
            host.start();
            var trainer = new TrainerService(
                    LifecycleSettings.DEFAULT, settings(), kafka, TOPICS, index, store, registry, host);
            trainer.start(host);

            try (var labels = new EventProducer<>(kafka, TOPICS.imageLabels(), EventCodecs.IMAGE_LABELS)) {
                say(labels, "an image that was never uploaded", ENOUGH - 1);
                trainer.coordinator().awaitActing();
                assertThat(registry.versions()).isEmpty();
                say(labels, "another one", 1);
                ModelStateChanged first = awaitState(trainer, 1, ModelState.ACTIVE);
                assertThat(first.reason()).contains("first version");

                String uploaded =
                        upload(index, store, trainer.coordinator().collection(first.version()), registry, first);
                say(labels, uploaded, ENOUGH);
                await().atMost(PATIENCE)
                        .until(() -> trainer.coordinator().versions().all().size() == 2);
            }

            ModelVersion second = registry.versions().getLast();
            await().atMost(PATIENCE).until(() -> state(trainer, second).state() != ModelState.CANDIDATE);
            assertThat(state(trainer, second).state()).isIn(ModelState.BACKFILLING, ModelState.REJECTED);
            assertThat(state(trainer, second).reason()).contains("precision@10").contains("of the active version");
            Map<String, String> training = registry.manifest(second).training();
            assertThat(training.get(Retraining.BECAUSE)).isEqualTo(ENOUGH + " new labels");
            assertThat(training.get(ModelManifest.DATASET))
                    .as("the labelled upload was learned from")
                    .isNotEqualTo(registry.manifest(registry.versions().getFirst())
                            .training()
                            .get(ModelManifest.DATASET));
        }
    }

    private RetrainingSettings settings() {
        return new RetrainingSettings(
                RetrainingSchedule.of(Optional.empty(), ENOUGH),
                Optional.of(directory.resolve("faces")),
                Duration.ofMillis(200),
                data -> TrainingRecipe.DEFAULT
                        .settings(data.schema(), data.examples().size())
                        .withEpochs(1),
                directory.resolve("work"));
    }

    private static ModelStateChanged awaitState(TrainerService trainer, int versions, ModelState state) {
        await().atMost(PATIENCE)
                .until(() -> trainer.coordinator().versions().all().size() == versions
                        && trainer.coordinator().versions().all().getLast().state() == state);
        return trainer.coordinator().versions().all().getLast();
    }

    private static ModelStateChanged state(TrainerService trainer, ModelVersion version) {
        return trainer.coordinator().versions().find(version).orElseThrow();
    }

    /** Puts a painted face where searches find it; returns its id. */
    private String upload(
            LuceneVectorIndex index,
            FilesystemImageStore store,
            String collection,
            ModelRegistry registry,
            ModelStateChanged version)
            throws IOException {
        new FaceDataset(1, 0, 0, 77).write(directory.resolve("upload"), done -> {});
        ContentHash hash = store.put(
                Files.readAllBytes(directory.resolve("upload/img_align_celeba").resolve(FaceDataset.fileName(0))));
        float[] anything = new float[version.dimension()];
        anything[0] = 1;
        index.createCollection(collection, version.dimension());
        index.upsert(
                collection,
                List.of(new IndexedImage(
                        ImageId.of(hash),
                        hash,
                        Embedding.normalised(anything),
                        1,
                        new ImageMetadata("test", Instant.now(), 178, 218, Map.of()),
                        Instant.now())));
        return hash.hex();
    }

    private static void say(EventProducer<ImageLabelled> labels, String id, int statements) {
        String[] attributes = {"Male", "Smiling", "Eyeglasses", "Bald", "Young", "Wearing_Hat"};
        for (int i = 0; i < statements; i++) {
            labels.send(new ImageLabelled(
                            new ImageId(id), Map.of(attributes[i % attributes.length], true), "test", Instant.now()))
                    .join();
        }
    }
}
