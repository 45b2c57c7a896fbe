package dev.sightline.trainer.labels;

import dev.sightline.domain.ImageId;
import dev.sightline.events.CompactedTopic;
import dev.sightline.events.EventCodecs;
import dev.sightline.events.ImageLabelled;
import dev.sightline.events.KafkaSettings;
import dev.sightline.events.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All that {@code image-labels} says, followed from its start and folded: of each image and attribute, what was said last,
 * by those who label if they said anything, else by those who searched. About 300 bytes of heap an image. Thread-safe.
 */
public final class LabelLog implements AutoCloseable {

    /**
     * What was said of one attribute of one image.
     *
     * @param feedback by somebody who searched
     */
    public record Statement(boolean present, boolean feedback, Instant at) {
        private Statement or(Statement later) {
            return later.feedback && !feedback ? this : later;
        }
    }

    private final Map<ImageId, Map<String, Statement>> statements = new ConcurrentHashMap<>();
    private final CompactedTopic<ImageLabelled> labels;

    public LabelLog(KafkaSettings kafka, Topics topics) {
        this.labels = new CompactedTopic<>(kafka, topics.imageLabels(), EventCodecs.IMAGE_LABELS, this::apply);
    }

    public void start() {
        labels.start();
    }

    /** Waits until all that was said before the start is known; false if that takes longer. */
    public boolean awaitCaughtUp(Duration timeout) throws InterruptedException {
        return labels.awaitCaughtUp(timeout);
    }

    public boolean isAlive() {
        return labels.isAlive();
    }

    private void apply(ImageLabelled event) {
        statements.merge(event.id(), said(event), (before, now) -> {
            Map<String, Statement> all = new HashMap<>(before);
            now.forEach((attribute, later) -> all.merge(attribute, later, Statement::or));
            return Map.copyOf(all);
        });
    }

    private static Map<String, Statement> said(ImageLabelled event) {
        boolean feedback = event.source().equals(ImageLabelled.FEEDBACK);
        Map<String, Statement> said = new HashMap<>();
        event.attributes()
                .forEach((attribute, present) ->
                        said.put(attribute, new Statement(present, feedback, event.labelledAt())));
        return Map.copyOf(said);
    }

    /** What is known now, by image and attribute; later events do not change it. */
    public Map<ImageId, Map<String, Statement>> statements() {
        return Map.copyOf(statements);
    }

    /** How many statements were made after {@code instant}. */
    public long since(Instant instant) {
        return statements.values().stream()
                .flatMap(attributes -> attributes.values().stream())
                .filter(statement -> statement.at().isAfter(instant))
                .count();
    }

    @Override
    public void close() {
        labels.close();
    }
}
