package dev.sightline.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sightline.events.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may pass is told from what must be corrected. */
class TopicsIT {
    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(directory);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void topicsAreMadeOnceAndThenFound() throws Exception {
        try (Admin admin = broker.settings(Map.of()).admin()) {
            topics("made.", -1).ensure(admin);
            topics("made.", -1).ensure(admin);

            assertThat(admin.listTopics().names().get()).contains("made.image-events", "made.image-events.dlq");
        }
    }

    @Test
    void tooFewBrokersForTheReplicationMayPass() {
        try (Admin admin = broker.settings(Map.of()).admin()) {
            assertThatThrownBy(() -> topics("replicated.", 3).ensure(admin))
                    .isInstanceOf(KafkaUnavailableException.class)
                    .hasMessageContaining("3 time(s)");
        }
    }

    @Test
    void aTopicWithOtherSettingsIsNamedAndMustBeCorrected() throws Exception {
        try (Admin admin = broker.settings(Map.of()).admin()) {
            admin.createTopics(List.of(new NewTopic("other.model-events", 3, (short) 1)))
                    .all()
                    .get();

            assertThatThrownBy(() -> topics("other.", -1).ensure(admin))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("other.model-events has cleanup.policy=delete, wanted compact")
                    .hasMessageContaining("other.model-events has 3 partitions, wanted 1");
        }
    }

    @Test
    void noAnswerMayPass() {
        var nobody = new KafkaSettings("127.0.0.1:1");
        try (Admin admin = Admin.create(nobody.with(Map.of(
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 500,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 400)))) {
            assertThatThrownBy(() -> topics("", -1).ensure(admin)).isInstanceOf(KafkaUnavailableException.class);
        }
    }

    @Test
    void aNameThatDoesNotResolveMayPass() {
        assertThatThrownBy(() -> {
                    try (Admin admin = new KafkaSettings("no-such-host.invalid:9092").admin()) {
                        topics("", -1).ensure(admin);
                    }
                })
                .isInstanceOf(KafkaUnavailableException.class);
    }

    private static Topics topics(String prefix, int replication) {
        return new Topics(prefix, 2, (short) replication, Duration.ofDays(1), 1 << 20);
    }
}
