package dev.sightline.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sightline.domain.ContentHash;
import dev.sightline.domain.ImageId;
import dev.sightline.events.RefusedEventException.Reason;
import dev.sightline.events.broker.EmbeddedBroker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class EventConsumerIT {
    private static final ContentHash HASH = ContentHash.of(new byte[] {1});
    private static EmbeddedBroker broker;

    private Topics topics;
    private KafkaSettings kafka;

    @BeforeAll
    static void startBroker(@TempDir Path directory) {
        broker = EmbeddedBroker.start(directory);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void createTopics(TestInfo test) throws InterruptedException {
        kafka = broker.settings(Map.of());
        topics = new Topics(
                test.getTestMethod().orElseThrow().getName() + ".", 4, (short) -1, Duration.ofDays(1), 1 << 20);
        try (Admin admin = Admin.create(kafka.with(Map.of()))) {
            topics.ensure(admin);
            topics.ensure(admin);
        }
    }

    @Test
    void deliversEveryEventOnceAndCommits() {
        Set<ImageId> sent = publish(200);
        Queue<ImageId> handled = new ConcurrentLinkedQueue<>();

        try (var consumer = consumer("all", 16, received -> done(handled, received))) {
            consumer.start();
            await().until(() -> handled.size() >= 200);
        }
        assertThat(handled).containsExactlyInAnyOrderElementsOf(sent);

        Queue<ImageId> again = new ConcurrentLinkedQueue<>();
        ImageId last = publish(1, "last").iterator().next();
        try (var consumer = consumer("all", 16, received -> done(again, received))) {
            consumer.start();
            await().until(() -> again.contains(last));
        }
        assertThat(again).as("everything before was committed").containsExactly(last);
    }

    @Test
    void neverHandlesMoreThanItsBoundAtOnce() {
        publish(100);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger handled = new AtomicInteger();
        try (var consumer = consumer("bounded", 5, received -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            await().pollInterval(Duration.ofMillis(1)).until(() -> now.get() >= 5 || handled.get() > 90);
            now.decrementAndGet();
            handled.incrementAndGet();
            return CompletableFuture.completedFuture(null);
        })) {
            consumer.start();
            await().until(() -> handled.get() >= 100);
        }
        assertThat(most).hasValue(5);
    }

    @Test
    void triesTheRetryableAgainUntilItSucceeds() {
        publish(1);
        AtomicInteger attempts = new AtomicInteger();
        try (var consumer = consumer("retry", 4, received -> {
            if (attempts.incrementAndGet() < 7) {
                throw new RetryableException("index away");
            }
            return CompletableFuture.completedFuture(null);
        })) {
            consumer.start();
            await().until(() -> attempts.get() == 7);
        }
        assertThat(deadLetters()).isEmpty();
    }

    @Test
    void poisonAndBugsGoToTheDeadLettersAndTheStreamGoesOn() {
        publish(1, "poison");
        publish(1, "bug");
        produceRaw("future", "dev.sightline.image.uploaded.v9", "{}");
        produceRaw("broken", "dev.sightline.image.uploaded.v1", "{not json");
        publish(1, "good");
        Queue<ImageId> handled = new ConcurrentLinkedQueue<>();
        try (var consumer = consumer("poison", 4, received -> {
            String id = received.event().id().value();
            if (id.startsWith("poison")) {
                throw new RefusedEventException(Reason.IMAGE_REFUSED, "not an image");
            }
            if (id.startsWith("bug")) {
                throw new IllegalStateException("surprise");
            }
            return done(handled, received);
        })) {
            consumer.start();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> handled.size() == 1 && deadLetters().size() == 4);
        }
        assertThat(deadLetters())
                .extracting(letter -> header(letter, DeadLetters.REASON))
                .containsExactlyInAnyOrder("IMAGE_REFUSED", "BUG", "UNSUPPORTED_VERSION", "MALFORMED");
        assertThat(deadLetters()).allSatisfy(letter -> {
            assertThat(header(letter, DeadLetters.TOPIC)).isEqualTo(topics.imageEvents());
            assertThat(header(letter, DeadLetters.STACK)).contains("RefusedEventException");
            assertThat(letter.headers().lastHeader("ce_type")).isNotNull();
        });
    }

    @Test
    void redeliversWhatWasInFlightWhenTheWorkerCrashed() {
        Set<ImageId> sent = publish(50);
        Set<ImageId> finished = ConcurrentHashMap.newKeySet();
        Semaphore gate = new Semaphore(20);
        var crashing = consumer("crash", 8, received -> {
            gate.acquireUninterruptibly();
            finished.add(received.event().id());
            return CompletableFuture.completedFuture(null);
        });
        crashing.start();
        await().until(() -> finished.size() == 20 && crashing.inFlight() == 8);
        Thread crash = Thread.ofPlatform().start(crashing::crash);

        try (var survivor = consumer("crash", 8, received -> {
            finished.add(received.event().id());
            return CompletableFuture.completedFuture(null);
        })) {
            survivor.start();
            await().atMost(Duration.ofSeconds(60)).until(() -> finished.size() == 50);
        }
        gate.release(100);
        assertThat(finished).isEqualTo(sent);
        await().until(() -> !crash.isAlive());
    }

    @Test
    void losesNothingWhenConsumersJoinAndLeave() {
        Set<ImageId> handled = ConcurrentHashMap.newKeySet();
        Set<ImageId> sent = ConcurrentHashMap.newKeySet();
        EventHandler<ImageEvent> handler = received -> {
            handled.add(received.event().id());
            return CompletableFuture.completedFuture(null);
        };
        try (var steady = consumer("rebalance", 8, handler)) {
            steady.start();
            for (int round = 0; round < 3; round++) {
                try (var visitor = consumer("rebalance", 8, handler)) {
                    visitor.start();
                    sent.addAll(publish(100, "round-" + round));
                    await().atMost(Duration.ofSeconds(30)).until(() -> handled.containsAll(sent));
                }
            }
        }
        assertThat(handled).isEqualTo(sent);
    }

    @Test
    void closingWaitsForWhatIsInFlight() {
        publish(3);
        Semaphore gate = new Semaphore(0);
        AtomicInteger finished = new AtomicInteger();
        var consumer = consumer("drain", 3, received -> {
            gate.acquireUninterruptibly();
            finished.incrementAndGet();
            return CompletableFuture.completedFuture(null);
        });
        consumer.start();
        await().until(() -> consumer.inFlight() == 3);
        Thread closing = Thread.ofPlatform().start(consumer::close);
        gate.release(3);
        await().until(() -> !closing.isAlive());

        assertThat(finished).hasValue(3);
    }

    @Test
    void aCompactedTopicIsReplayedThenFollowed() throws InterruptedException {
        List<ImageId> seen = new ArrayList<>();
        publish(10, "before");
        try (var follower = new CompactedTopic<>(kafka, topics.imageEvents(), EventCodecs.IMAGE_EVENTS, event -> {
            synchronized (seen) {
                seen.add(event.id());
            }
        })) {
            follower.start();
            assertThat(follower.awaitCaughtUp(Duration.ofSeconds(30))).isTrue();
            synchronized (seen) {
                assertThat(seen).hasSize(10);
            }
            publish(5, "after");
            await().until(() -> {
                synchronized (seen) {
                    return seen.size() == 15;
                }
            });
        }
    }

    @Test
    void whoeverCatchesUpHasSeenAllThatThereWas() throws InterruptedException {
        AtomicInteger seen = new AtomicInteger();
        AtomicInteger seenWhenReplayed = new AtomicInteger(-1);
        publish(10, "before");
        try (var follower = new CompactedTopic<>(
                kafka,
                topics.imageEvents(),
                EventCodecs.IMAGE_EVENTS,
                event -> seen.incrementAndGet(),
                () -> seenWhenReplayed.set(seen.get()))) {
            follower.start();
            assertThat(follower.awaitCaughtUp(Duration.ofSeconds(30))).isTrue();
            assertThat(seenWhenReplayed).hasValue(10);

            publish(100, "after");
            assertThat(follower.catchUp()).succeedsWithin(Duration.ofSeconds(30));
            assertThat(seen).hasValue(110);
        }
    }

    @Test
    void takesNothingWhileItIsHeld() {
        AtomicBoolean held = new AtomicBoolean(true);
        AtomicBoolean assigned = new AtomicBoolean();
        Queue<ImageId> handled = new ConcurrentLinkedQueue<>();
        Set<ImageId> sent = publish(20);
        try (var consumer = new EventConsumer<>(
                kafka,
                topics.imageEvents(),
                EventCodecs.IMAGE_EVENTS,
                new ConsumerSettings("held", 4),
                received -> {
                    assertThat(assigned).isTrue();
                    return done(handled, received);
                },
                new SimpleMeterRegistry(),
                new EventConsumer.Conditions(held::get, () -> assigned.set(true)))) {
            consumer.start();
            await().until(assigned::get);
            await().during(Duration.ofSeconds(1)).until(handled::isEmpty);
            held.set(false);

            await().until(() -> handled.size() >= sent.size());
            assertThat(handled).containsExactlyInAnyOrderElementsOf(sent);
        }
    }

    private EventConsumer<ImageEvent> consumer(String group, int maxInFlight, EventHandler<ImageEvent> handler) {
        var settings = new ConsumerSettings(
                group, maxInFlight, Duration.ofSeconds(10), Duration.ofMillis(10), Duration.ofMillis(50), 3);
        return new EventConsumer<>(
                kafka, topics.imageEvents(), EventCodecs.IMAGE_EVENTS, settings, handler, new SimpleMeterRegistry());
    }

    private static CompletableFuture<Void> done(Queue<ImageId> handled, Received<ImageEvent> received) {
        handled.add(received.event().id());
        return CompletableFuture.completedFuture(null);
    }

    private Set<ImageId> publish(int count) {
        return publish(count, "image");
    }

    private Set<ImageId> publish(int count, String prefix) {
        Set<ImageId> ids = ConcurrentHashMap.newKeySet();
        try (var producer = new EventProducer<>(kafka, topics.imageEvents(), EventCodecs.IMAGE_EVENTS)) {
            IntStream.range(0, count)
                    .mapToObj(i -> new ImageId(prefix + "-" + i))
                    .peek(ids::add)
                    .map(id -> producer.send(
                            new ImageUploaded(id, new ImageContent.Stored(HASH), "test", Instant.now(), Map.of())))
                    .toList()
                    .forEach(CompletableFuture::join);
        }
        return ids;
    }

    private void produceRaw(String id, String type, String json) {
        var record = new ProducerRecord<>(
                topics.imageEvents(), id.getBytes(StandardCharsets.UTF_8), json.getBytes(StandardCharsets.UTF_8));
        Map.of(
                        "ce_specversion",
                        "1.0",
                        "ce_id",
                        id,
                        "ce_source",
                        "/test",
                        "ce_type",
                        type,
                        "content-type",
                        "application/json")
                .forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        try (var producer =
                new KafkaProducer<>(kafka.with(Map.of()), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(record);
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> deadLetters() {
        var partition = new TopicPartition(Topics.deadLetters(topics.imageEvents()), 0);
        List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
        try (var reader =
                new KafkaConsumer<>(kafka.with(Map.of()), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            reader.assign(List.of(partition));
            reader.seekToBeginning(List.of(partition));
            long end = reader.endOffsets(List.of(partition)).get(partition);
            while (reader.position(partition) < end) {
                reader.poll(Duration.ofMillis(50)).forEach(letters::add);
            }
        }
        return letters;
    }

    private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
        return new String(letter.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
