package dev.sightline.embed;

import dev.sightline.domain.ImageId;
import dev.sightline.events.RetryableException;
import dev.sightline.events.WorkerReported.Retrying;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Jobs whose last attempt failed and will be made again, with the reason. As many as are in flight. Thread-safe. */
final class RetryingJobs {
    private static final int LISTED = 20;

    private final Map<ImageId, String> reasons = new ConcurrentHashMap<>();

    /** One attempt at a job. */
    CompletionStage<Void> watch(ImageId id, Supplier<CompletionStage<Void>> attempt) {
        try {
            return attempt.get().whenComplete((done, failure) -> note(id, failure));
        } catch (RuntimeException e) {
            note(id, e);
            throw e;
        }
    }

    private void note(ImageId id, @org.jspecify.annotations.Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        if (cause instanceof RetryableException) {
            reasons.put(id, String.valueOf(cause.getMessage()));
        } else {
            reasons.remove(id);
        }
    }

    /** At most {@value #LISTED} of them. */
    List<Retrying> list() {
        return reasons.entrySet().stream()
                .limit(LISTED)
                .map(entry -> new Retrying(entry.getKey(), entry.getValue()))
                .toList();
    }
}
