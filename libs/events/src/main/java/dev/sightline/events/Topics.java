package dev.sightline.events;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The topics, their names and their settings.
 *
 * @param prefix before every name, for example {@code prod.}; may be empty
 * @param partitions of the topics that are worked off in parallel. The order of an image's events is its offset in its
 *     partition, so the number must not change while images are indexed
 * @param replication −1 for the broker's default
 * @param retention of image, index and label events
 * @param maxEventBytes the largest event, that is the largest image sent inline
 */
public record Topics(String prefix, int partitions, short replication, Duration retention, int maxEventBytes) {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private static final RetryPolicy<List<String>> NOT_YET_KNOWN = RetryPolicy.<List<String>>builder()
            .handleIf(failure -> failure instanceof ExecutionException
                    && failure.getCause() instanceof UnknownTopicOrPartitionException)
            .withDelay(Duration.ofMillis(100))
            .withMaxAttempts(100)
            .build();

    /** 12 partitions, a week, 8 MiB. */
    public static final Topics DEFAULT = new Topics("", 12, (short) -1, Duration.ofDays(7), 8 << 20);

    public String imageEvents() {
        return prefix + "image-events";
    }

    public String imageLabels() {
        return prefix + "image-labels";
    }

    public String indexEvents() {
        return prefix + "index-events";
    }

    public String modelEvents() {
        return prefix + "model-events";
    }

    public String backfillJobs() {
        return prefix + "backfill-jobs";
    }

    public String backfillFailures() {
        return prefix + "backfill-failures";
    }

    public String embedWorkers() {
        return prefix + "embed-workers";
    }

    public String searchQueries() {
        return prefix + "search-queries";
    }

    /** Where the poison of {@code topic} goes. */
    public static String deadLetters(String topic) {
        return topic + ".dlq";
    }

    /**
     * Creates the topics that are missing and checks those that are there.
     *
     * @throws IllegalStateException naming every topic and setting that is not as it must be, or if Kafka refuses
     * @throws KafkaUnavailableException if Kafka does not answer
     */
    public void ensure(Admin admin) throws InterruptedException {
        try {
            for (NewTopic topic : all()) {
                create(admin, topic);
            }
            // A topic just created may take a moment to be known to every broker.
            List<String> mismatches = Failsafe.with(NOT_YET_KNOWN).get(() -> mismatches(admin));
            if (!mismatches.isEmpty()) {
                throw new IllegalStateException("topics exist with other settings than Sightline needs: "
                        + String.join("; ", mismatches)
                        + ". Correct them with kafka-configs.sh, or set another topic prefix.");
            }
        } catch (ExecutionException | TimeoutException | FailsafeException e) {
            if (mayPass(e)) {
                throw new KafkaUnavailableException("Kafka cannot make or read topics yet: " + root(e), e);
            }
            throw new IllegalStateException(
                    "cannot create or read topics on Kafka; check bootstrap servers and permissions", e);
        }
    }

    /** A broker that just started is fenced for a moment, and Kafka then says that it has too few for any replication. */
    private static boolean mayPass(Throwable failure) {
        return failure instanceof TimeoutException
                || failure instanceof RetriableException
                || failure instanceof InvalidReplicationFactorException
                || (failure.getCause() != null && mayPass(failure.getCause()));
    }

    private static String root(Throwable failure) {
        return failure.getCause() == null ? failure.toString() : root(failure.getCause());
    }

    /** Every topic, with the settings it is made with. */
    List<NewTopic> all() {
        Map<String, String> week = Map.of(
                TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis()),
                TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(maxEventBytes));
        Map<String, String> compacted = Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        Map<String, String> kept = new TreeMap<>(week);
        kept.put(TopicConfig.RETENTION_MS_CONFIG, "-1");
        Map<String, String> hour = keptFor(Duration.ofHours(1));
        return List.of(
                topic(imageEvents(), partitions, week),
                topic(deadLetters(imageEvents()), 1, kept),
                topic(imageLabels(), partitions, kept),
                topic(indexEvents(), partitions, week),
                topic(modelEvents(), 1, compacted),
                topic(backfillJobs(), partitions, week),
                topic(deadLetters(backfillJobs()), 1, kept),
                topic(backfillFailures(), 1, week),
                topic(embedWorkers(), 1, hour),
                topic(searchQueries(), 1, keptFor(Duration.ofDays(1))));
    }

    private static Map<String, String> keptFor(Duration time) {
        return Map.of(
                TopicConfig.RETENTION_MS_CONFIG,
                Long.toString(time.toMillis()),
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_DELETE);
    }

    private NewTopic topic(String name, int partitions, Map<String, String> settings) {
        return new NewTopic(name, partitions, replication).configs(settings);
    }

    private static void create(Admin admin, NewTopic topic)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            admin.createTopics(List.of(topic)).all().get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    private List<String> mismatches(Admin admin) throws InterruptedException, ExecutionException, TimeoutException {
        Map<String, NewTopic> wanted = all().stream().collect(Collectors.toMap(NewTopic::name, topic -> topic));
        Map<String, TopicDescription> found =
                admin.describeTopics(wanted.keySet()).allTopicNames().get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        List<ConfigResource> resources = wanted.keySet().stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        var settings = admin.describeConfigs(resources).all().get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        List<String> mismatches = new ArrayList<>();
        settings.forEach((resource, config) -> {
            NewTopic topic = wanted.get(resource.name());
            if (topic == null) {
                return;
            }
            for (String key : List.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.MAX_MESSAGE_BYTES_CONFIG)) {
                String want = topic.configs().get(key);
                String have = config.get(key) == null ? "" : config.get(key).value();
                if (want != null && !want.equals(have)) {
                    mismatches.add(resource.name() + " has " + key + "=" + have + ", wanted " + want);
                }
            }
            TopicDescription description = found.get(resource.name());
            int have = description == null ? 0 : description.partitions().size();
            if (topic.numPartitions() == 1 && have != 1) {
                mismatches.add(resource.name() + " has " + have + " partitions, wanted 1");
            }
        });
        return mismatches;
    }
}
