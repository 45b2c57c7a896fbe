package dev.sightline.trainer.labels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sightline.domain.AttributeSchema;
import dev.sightline.domain.ContentHash;
import dev.sightline.domain.Embedding;
import dev.sightline.domain.ImageId;
import dev.sightline.domain.ImageMetadata;
import dev.sightline.domain.Label;
import dev.sightline.events.EventCodecs;
import dev.sightline.events.EventProducer;
import dev.sightline.events.ImageLabelled;
import dev.sightline.events.KafkaSettings;
import dev.sightline.events.Topics;
import dev.sightline.events.broker.EmbeddedBroker;
import dev.sightline.images.FilesystemImageStore;
import dev.sightline.index.Deletion;
import dev.sightline.index.IndexedImage;
import dev.sightline.index.lucene.LuceneVectorIndex;
import dev.sightline.trainer.dataset.Dataset;
import dev.sightline.trainer.dataset.Example;
import dev.sightline.trainer.dataset.InvalidDatasetException;
import dev.sightline.trainer.dataset.Photo;
import dev.sightline.trainer.dataset.Split;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What people say on a real topic becomes examples. */
class TrainingDataIT {
    private static final AttributeSchema SCHEMA = new AttributeSchema("two", List.of("Male", "Smiling"));
    private static final String COLLECTION = "faces";
    private static final Instant BEFORE = Instant.parse("2026-01-01T00:00:00Z");

    private static EmbeddedBroker broker;
    private static int test;

    @TempDir
    Path directory;

    private LuceneVectorIndex index;
    private FilesystemImageStore store;
    private EventProducer<ImageLabelled> labels;
    private LabelLog log;
    private TrainingData data;

    @BeforeAll
    static void startBroker(@TempDir(cleanup = CleanupMode.NEVER) Path kafka) {
        broker = EmbeddedBroker.start(kafka);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void start() throws InterruptedException {
        KafkaSettings kafka = broker.settings(Map.of());
        var topics = new Topics("test-" + ++test + ".", 2, (short) -1, Duration.ofDays(1), 1 << 20);
        try (Admin admin = Admin.create(kafka.with(Map.of()))) {
            topics.ensure(admin);
        }
        index = LuceneVectorIndex.open(directory.resolve("index"));
        index.createCollection(COLLECTION, 2);
        store = new FilesystemImageStore(directory.resolve("images"));
        labels = new EventProducer<>(kafka, topics.imageLabels(), EventCodecs.IMAGE_LABELS);
        log = new LabelLog(kafka, topics);
        log.start();
        data = new TrainingData(log, index, store);
    }

    @AfterEach
    void stop() {
        log.close();
        labels.close();
        index.close();
    }

    @Test
    void whatWasSaidLastOfEachAttributeIsLearned() {
        ContentHash photo = index("photo");
        say("photo", Map.of("Male", true, "Smiling", false));
        say("photo", Map.of("Smiling", true));
        say("photo", Map.of("Tall", true));
        await().until(() -> log.statements().size() == 1
                && log.statements().get(new ImageId("photo")).containsKey("Tall"));

        Dataset dataset = data.gather(Optional.empty(), Optional.of(SCHEMA), Optional.of(COLLECTION));

        assertThat(dataset.examples()).singleElement().satisfies(example -> {
            assertThat(example.label()).isEqualTo(Label.of(new byte[] {Label.PRESENT, Label.PRESENT}));
            assertThat(example.photo().read()).isEqualTo("photo".getBytes(StandardCharsets.UTF_8));
            assertThat(example.split()).isEqualTo(Split.ofName(photo.hex()));
        });
        assertThat(log.since(BEFORE)).isEqualTo(3);
        assertThat(log.since(Instant.now().plusSeconds(60))).isZero();
    }

    @Test
    void feedbackIsLearnedWhereNobodyLabelled() {
        index("photo");
        say("photo", Map.of("Smiling", true), ImageLabelled.FEEDBACK);
        say("photo", Map.of("Male", true));
        say("photo", Map.of("Male", false, "Smiling", false), ImageLabelled.FEEDBACK);
        say("photo", Map.of("Tall", true));
        await().until(() -> log.statements().size() == 1
                && log.statements().get(new ImageId("photo")).containsKey("Tall"));

        assertThat(data.gather(Optional.empty(), Optional.of(SCHEMA), Optional.of(COLLECTION))
                        .examples())
                .singleElement()
                .satisfies(example ->
                        assertThat(example.label()).isEqualTo(Label.of(new byte[] {Label.PRESENT, Label.ABSENT})));
    }

    @Test
    void aDeletedOrUnknownImageIsNotLearnedFrom() {
        index("kept");
        index("deleted");
        say("kept", Map.of("Male", true));
        say("deleted", Map.of("Male", true));
        say("never uploaded", Map.of("Male", true));
        index.delete(COLLECTION, List.of(new Deletion(new ImageId("deleted"), 9)));
        await().until(() -> log.statements().size() == 3);

        assertThat(data.gather(Optional.empty(), Optional.empty(), Optional.of(COLLECTION))
                        .examples())
                .extracting(example -> example.photo().name())
                .containsExactly(
                        ContentHash.of("kept".getBytes(StandardCharsets.UTF_8)).hex());
    }

    @Test
    void anUploadThatIsHeldOutInTheDatasetStaysHeldOut() throws IOException {
        Path file = Files.write(directory.resolve("000001.jpg"), "photo".getBytes(StandardCharsets.UTF_8));
        var onDisk = new Dataset(
                SCHEMA,
                List.of(new Example(
                        new Photo.InFile(file), Label.of(new byte[] {Label.ABSENT, Label.UNKNOWN}), Split.TEST)));
        index("photo");
        say("photo", Map.of("Smiling", true));
        await().until(() -> log.statements().size() == 1);

        assertThat(data.gather(Optional.of(onDisk), Optional.empty(), Optional.of(COLLECTION))
                        .examples())
                .containsExactly(new Example(
                        new Photo.InFile(file), Label.of(new byte[] {Label.ABSENT, Label.PRESENT}), Split.TEST));
    }

    @Test
    void withNothingToLearnFromItSaysWhatToDo() {
        assertThatThrownBy(() -> data.gather(Optional.empty(), Optional.empty(), Optional.of(COLLECTION)))
                .isInstanceOf(InvalidDatasetException.class)
                .hasMessageContaining("PUT /v1/images/ID/labels");
    }

    private ContentHash index(String text) {
        ContentHash hash = store.put(text.getBytes(StandardCharsets.UTF_8));
        index.upsert(
                COLLECTION,
                List.of(new IndexedImage(
                        new ImageId(text),
                        hash,
                        Embedding.normalised(new float[] {1, 1}),
                        1,
                        new ImageMetadata("test", BEFORE, 1, 1, Map.of()),
                        BEFORE)));
        return hash;
    }

    private void say(String id, Map<String, Boolean> attributes) {
        say(id, attributes, "test");
    }

    private void say(String id, Map<String, Boolean> attributes, String source) {
        labels.send(new ImageLabelled(new ImageId(id), attributes, source, Instant.now()))
                .join();
    }
}
