package dev.sightline.service.health;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks something outside, every few seconds on a thread of its own, whether it answers, so that a health check need not
 * wait for it. It is taken for away when its last answer is older than three rounds.
 */
public final class Watch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final int ROUNDS_UNTIL_AWAY = 3;

    private final String what;
    private final Callable<?> question;
    private final Duration every;
    private final Thread thread;
    private volatile Instant lastAnswer = Instant.now();
    private volatile boolean answered = true;

    /**
     * @param what for logs, like {@code Milvus at http://localhost:19530}; it just answered
     * @param question throws if there is no answer
     */
    public Watch(String what, Callable<?> question) {
        this(what, question, EVERY);
    }

    Watch(String what, Callable<?> question, Duration every) {
        this.what = what;
        this.question = question;
        this.every = every;
        this.thread = Thread.ofVirtual().name("watch-" + what).unstarted(this::ask);
    }

    public void start() {
        thread.start();
    }

    /** Whether it answered lately. */
    public boolean isThere() {
        return answered || lastAnswer.isAfter(Instant.now().minus(every.multipliedBy(ROUNDS_UNTIL_AWAY)));
    }

    private void ask() {
        try {
            while (true) {
                Thread.sleep(every);
                askOnce();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void askOnce() throws InterruptedException {
        try {
            question.call();
            if (!answered) {
                LOG.info("{} answers again", what);
            }
            lastAnswer = Instant.now();
            answered = true;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedException();
            }
            if (answered) {
                LOG.warn("{} does not answer: {}", what, e.getMessage());
            }
            answered = false;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
