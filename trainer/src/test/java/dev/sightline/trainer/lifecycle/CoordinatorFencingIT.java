package dev.sightline.trainer.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sightline.domain.ModelState;
import dev.sightline.domain.ModelVersion;
import dev.sightline.events.EventCodecs;
import dev.sightline.events.FencedProducer.FencedException;
import dev.sightline.events.KafkaSettings;
import dev.sightline.events.ModelFollower;
import dev.sightline.events.ModelStateChanged;
import dev.sightline.events.Topics;
import dev.sightline.events.broker.EmbeddedBroker;
import dev.sightline.index.InMemoryVectorIndex;
import dev.sightline.trainer.registry.ModelRegistry;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of several coordinators on a real broker, exactly one can change anything. */
class CoordinatorFencingIT {
    private static final Topics TOPICS = new Topics("", 2, (short) -1, Duration.ofDays(1), 1 << 20);
    private static final ModelVersion V1 = new ModelVersion("v1");

    @TempDir
    Path directory;

    private EmbeddedBroker broker;
    private KafkaSettings kafka;
    private ModelFollower follower;

    @BeforeEach
    void start() throws InterruptedException {
        broker = EmbeddedBroker.start(directory.resolve("kafka"));
        kafka = broker.settings(Map.of());
        try (Admin admin = kafka.admin()) {
            TOPICS.ensure(admin);
        }
        follower = new ModelFollower(kafka, TOPICS, versions -> {});
        follower.start();
    }

    @AfterEach
    void stop() {
        follower.close();
        broker.close();
    }

    @Test
    void aReplacedWriterIsRefusedAndNobodySeesWhatItSays() {
        try (var first = FencedModelLog.takeOver(kafka, TOPICS, follower)) {
            first.announce(List.of(event(ModelState.CANDIDATE)));
            try (var second = FencedModelLog.takeOver(kafka, TOPICS, follower)) {
                assertThat(second.generation()).isEqualTo(first.generation() + 1);
                assertThat(second.current().find(V1))
                        .contains(event(ModelState.CANDIDATE).by(first.generation()));

                assertThatThrownBy(() -> first.announce(List.of(event(ModelState.REJECTED))))
                        .isInstanceOf(FencedException.class);
                second.announce(List.of(event(ModelState.ACTIVE)));

                assertThat(follower.catchUp()).succeedsWithin(Duration.ofSeconds(30));
                assertThat(follower.current().find(V1))
                        .contains(event(ModelState.ACTIVE).by(second.generation()));
            }
        }
    }

    @Test
    void whatAKilledWriterHadNotCommittedIsGone() {
        try (var dying = new KafkaProducer<>(
                kafka.with(Map.of("transactional.id", "sightline-model-coordinator")),
                new StringSerializer(),
                new ByteArraySerializer())) {
            dying.initTransactions();
            dying.beginTransaction();
            dying.send(KafkaMessageFactory.createWriter(TOPICS.modelEvents(), "v1")
                    .writeBinary(EventCodecs.MODEL_EVENTS.encode(event(ModelState.ACTIVE))));
            dying.flush();

            try (var next = FencedModelLog.takeOver(kafka, TOPICS, follower)) {
                assertThat(next.current().all()).isEmpty();
            }
        }
    }

    @Test
    void whenTheActingCoordinatorLeavesAnotherOneActs() throws InterruptedException {
        try (var one = coordinator();
                var other = coordinator()) {
            one.start();
            other.start();
            await().atMost(Duration.ofMinutes(1)).until(() -> acting(one, other) == 1);
            ModelCoordinator acting = one.isActing() ? one : other;
            ModelCoordinator idle = one.isActing() ? other : one;

            assertThatThrownBy(idle::rollback).isInstanceOf(NotActingException.class);
            assertThatThrownBy(acting::rollback).isInstanceOf(RefusedTransitionException.class);
            acting.close();

            await().atMost(Duration.ofMinutes(1)).until(idle::isActing);
        }
    }

    private static long acting(ModelCoordinator... coordinators) {
        return Stream.of(coordinators).filter(ModelCoordinator::isActing).count();
    }

    private ModelCoordinator coordinator() {
        return new ModelCoordinator(
                LifecycleSettings.DEFAULT,
                kafka,
                TOPICS,
                new InMemoryVectorIndex(),
                new ModelRegistry(directory.resolve("models")),
                new SimpleMeterRegistry());
    }

    private static ModelStateChanged event(ModelState state) {
        return new ModelStateChanged(
                V1, state, URI.create("file:///v1"), 8, "for a test", Instant.parse("2026-11-25T12:00:00Z"));
    }
}
