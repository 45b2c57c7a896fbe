package dev.sightline.trainer.lifecycle;

import dev.sightline.events.BackfillRequested;
import dev.sightline.events.ConsumerGroups;
import dev.sightline.events.EventCodecs;
import dev.sightline.events.EventProducer;
import dev.sightline.events.KafkaSettings;
import dev.sightline.events.RetryableException;
import dev.sightline.events.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Jobs on {@code backfill-jobs}; what is not done is what the workers' group has not committed. */
final class KafkaBackfillQueue implements BackfillQueue, AutoCloseable {
    private static final int SECONDS = 20;

    private final Admin admin;
    private final String topic;
    private final EventProducer<BackfillRequested> jobs;
    private List<TopicPartition> partitions = List.of();

    /** @param admin closed by whoever opened it */
    KafkaBackfillQueue(Admin admin, KafkaSettings kafka, Topics topics) {
        this.admin = admin;
        this.topic = topics.backfillJobs();
        this.jobs = new EventProducer<>(kafka, topic, EventCodecs.BACKFILL_JOBS);
    }

    @Override
    public void request(List<BackfillRequested> requested) {
        List<CompletableFuture<?>> sends =
                requested.stream().<CompletableFuture<?>>map(jobs::send).toList();
        try {
            sends.forEach(CompletableFuture::join);
        } catch (CompletionException e) {
            throw new RetryableException("cannot send backfill jobs", e);
        }
    }

    @Override
    public synchronized long outstanding() {
        try {
            if (partitions.isEmpty()) {
                partitions =
                        admin
                                .describeTopics(List.of(topic))
                                .allTopicNames()
                                .get(SECONDS, TimeUnit.SECONDS)
                                .values()
                                .stream()
                                .flatMap(description -> description.partitions().stream())
                                .map(partition -> new TopicPartition(topic, partition.partition()))
                                .toList();
            }
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(ConsumerGroups.BACKFILL)
                    .partitionsToOffsetAndMetadata()
                    .get(SECONDS, TimeUnit.SECONDS);
            Map<TopicPartition, Long> first = offsets(OffsetSpec.earliest());
            Map<TopicPartition, Long> end = offsets(OffsetSpec.latest());
            long outstanding = 0;
            for (TopicPartition partition : partitions) {
                OffsetAndMetadata done = committed.get(partition);
                long from = Math.max(done == null ? 0 : done.offset(), first.getOrDefault(partition, 0L));
                outstanding += Math.max(0, end.getOrDefault(partition, 0L) - from);
            }
            return outstanding;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RetryableException("interrupted while counting backfill jobs", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new RetryableException("cannot count the backfill jobs that are not done", e);
        }
    }

    private Map<TopicPartition, Long> offsets(OffsetSpec which)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(partition -> asked.put(partition, which));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        admin.listOffsets(asked)
                .all()
                .get(SECONDS, TimeUnit.SECONDS)
                .forEach((partition, found) -> offsets.put(partition, found.offset()));
        return offsets;
    }

    @Override
    public void close() {
        jobs.close();
    }
}
