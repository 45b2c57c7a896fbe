package dev.sightline.trainer.lifecycle;

import dev.sightline.domain.ImageId;
import dev.sightline.events.CompactedTopic;
import dev.sightline.events.ConsumerGroups;
import dev.sightline.events.EventCodecs;
import dev.sightline.events.KafkaSettings;
import dev.sightline.events.ModelStateChanged;
import dev.sightline.events.RetryableException;
import dev.sightline.events.Topics;
import dev.sightline.events.WorkerReported;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/**
 * The embed workers: who they are, their consumer group says; what each writes, it says itself on {@code embed-workers}. A
 * worker that joins later first reads all of {@code model-events}, so it need not be waited for.
 */
final class KafkaEmbedFleet implements EmbedFleet, AutoCloseable {
    private static final int SECONDS = 20;
    private static final Duration LATELY = Duration.ofSeconds(15);

    private final Admin admin;
    private final Map<String, WorkerReported> reports = new ConcurrentHashMap<>();
    private final CompactedTopic<WorkerReported> embedWorkers;

    /** @param admin closed by whoever opened it */
    KafkaEmbedFleet(Admin admin, KafkaSettings kafka, Topics topics) {
        this.admin = admin;
        this.embedWorkers = new CompactedTopic<>(
                kafka,
                topics.embedWorkers(),
                EventCodecs.EMBED_WORKERS,
                report -> reports.put(report.worker(), report));
    }

    void start() {
        embedWorkers.start();
    }

    @Override
    public List<String> notWriting(ModelStateChanged version) {
        Set<String> members = members();
        reports.keySet().retainAll(members);
        List<String> others = new ArrayList<>();
        for (String member : members) {
            WorkerReported report = reports.get(member);
            if (report == null) {
                others.add(member + " has not reported yet");
            } else if (!version.changedAt().equals(report.writes().get(version.version()))) {
                others.add(member + ": "
                        + report.problems()
                                .getOrDefault(version.version(), "does not write to " + version.version() + " yet"));
            }
        }
        return others;
    }

    private Set<String> members() {
        try {
            return admin
                    .describeConsumerGroups(List.of(ConsumerGroups.EMBED))
                    .all()
                    .get(SECONDS, TimeUnit.SECONDS)
                    .values()
                    .stream()
                    .flatMap(group -> group.members().stream())
                    .map(MemberDescription::clientId)
                    .collect(Collectors.toSet());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RetryableException("interrupted while looking for embed workers", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return Set.of();
            }
            throw new RetryableException("cannot see which embed workers there are", e);
        } catch (TimeoutException e) {
            throw new RetryableException("cannot see which embed workers there are", e);
        }
    }

    @Override
    public Map<ImageId, String> retrying() {
        Map<ImageId, String> retrying = new LinkedHashMap<>();
        Instant since = Instant.now().minus(LATELY);
        reports.values().stream()
                .filter(report -> report.reportedAt().isAfter(since))
                .flatMap(report -> report.retrying().stream())
                .forEach(job -> retrying.put(job.id(), job.reason()));
        return retrying;
    }

    @Override
    public void close() {
        embedWorkers.close();
    }
}
