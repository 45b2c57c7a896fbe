package dev.sightline.service.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WatchTest {
    private final AtomicBoolean answers = new AtomicBoolean(true);
    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void whatDoesNotAnswerIsAwayUntilItAnswersAgain() {
        try (var watch = new Watch("a server", this::ask, Duration.ofMillis(20))) {
            assertThat(watch.isThere()).as("it just answered").isTrue();
            watch.start();
            await().until(() -> asked.get() > 3);
            assertThat(watch.isThere()).isTrue();

            answers.set(false);
            await().until(() -> !watch.isThere());

            answers.set(true);
            await().until(watch::isThere);
        }
    }

    @Test
    void aClosedWatchAsksNoMore() {
        var watch = new Watch("a server", this::ask, Duration.ofMillis(1));
        watch.start();
        await().until(() -> asked.get() > 0);
        watch.close();

        await().until(() -> {
            int before = asked.get();
            Thread.sleep(50);
            return asked.get() == before;
        });
    }

    private int ask() throws IOException {
        asked.incrementAndGet();
        if (!answers.get()) {
            throw new IOException("connection refused");
        }
        return asked.get();
    }
}
