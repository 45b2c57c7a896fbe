package dev.sightline.service.process;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import dev.failsafe.function.CheckedSupplier;
import dev.sightline.events.KafkaSettings;
import dev.sightline.events.KafkaUnavailableException;
import dev.sightline.events.Topics;
import dev.sightline.index.IndexUnavailableException;
import dev.sightline.index.VectorIndex;
import dev.sightline.service.HttpService;
import dev.sightline.service.ProblemException;
import dev.sightline.service.config.IndexConfig;
import dev.sightline.service.health.Health;
import dev.sightline.service.health.Health.Phase;
import dev.sightline.service.health.OperationsRoutes;
import dev.sightline.service.health.Watch;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a service stands on: an HTTP server that answers health and metrics from the first moment, meters, and the parts
 * that were opened. Closing refuses new requests, waits for those in flight, closes the parts last opened first, and the
 * server at the end, so that a service that drains still says so. Started and closed by one thread.
 */
public final class ServiceHost implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceHost.class);
    private static final Duration FIRST_DELAY = Duration.ofSeconds(1);
    private static final Duration MAX_DELAY = Duration.ofSeconds(15);
    private static final Duration REQUEST_DRAIN = Duration.ofSeconds(10);

    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Health health = new Health();
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final HttpService http;

    /** @param port 0 for any free one */
    public ServiceHost(int port) {
        this.http = new HttpService(port);
    }

    /** Answers health and metrics from now on; the API answers 503 until {@link #started}. */
    public void start() throws InterruptedException {
        new OperationsRoutes(meters, health).mount(http.router());
        http.router().route("/v1/*").handler(this::onlyWhileRunning);
        http.start();
    }

    private void onlyWhileRunning(RoutingContext context) {
        switch (health.phase()) {
            case RUNNING -> context.next();
            case STARTING -> context.fail(new ProblemException(503, "Starting", "the service is starting; try again"));
            case STOPPING ->
                context.fail(new ProblemException(503, "Stopping", "this instance is stopping; try another"));
        }
    }

    public HttpService http() {
        return http;
    }

    public PrometheusMeterRegistry meters() {
        return meters;
    }

    public Health health() {
        return health;
    }

    /** Keeps {@code part} until the host closes. */
    public <T extends AutoCloseable> T open(T part) {
        parts.push(part);
        return part;
    }

    /**
     * What {@code attempt} returns, tried until what it needs answers. Anything else that it throws goes on.
     *
     * @param what is waited for, for the log
     */
    public <T> T await(String what, CheckedSupplier<T> attempt) throws InterruptedException {
        var patience = RetryPolicy.<T>builder()
                .handle(KafkaUnavailableException.class, IndexUnavailableException.class)
                .withBackoff(FIRST_DELAY, MAX_DELAY)
                .withMaxAttempts(-1)
                .onRetryScheduled(retry -> LOG.warn(
                        "waiting for {} ({}); trying again in {} s",
                        what,
                        retry.getLastException() == null
                                ? ""
                                : retry.getLastException().getMessage(),
                        retry.getDelay().toSeconds()))
                .build();
        try {
            return Failsafe.with(patience).get(attempt);
        } catch (FailsafeException e) {
            if (e.getCause() instanceof InterruptedException) {
                throw new InterruptedException("interrupted while waiting for " + what);
            }
            throw e;
        }
    }

    /** Waits until Kafka answers, makes the topics that are missing, and from then on needs Kafka to be ready. */
    public void awaitTopics(KafkaSettings kafka, Topics topics) throws InterruptedException {
        String what = "Kafka at " + kafka.bootstrapServers();
        LOG.info("reaching {}", what);
        Admin admin = open(await(what, kafka::admin));
        await(what, () -> {
            topics.ensure(admin);
            return topics;
        });
        need("kafka", what, () -> admin.describeCluster().clusterId().get());
    }

    /** Opens the index, waiting until it answers, and from then on needs it to be ready. */
    public VectorIndex awaitIndex(IndexConfig config) throws InterruptedException {
        LOG.info("reaching {}", config.describe());
        VectorIndex index = open(await(config.describe(), config::open));
        need("index", config.describe(), index::collections);
        return index;
    }

    /** From now on the service is ready only while {@code question} is answered. */
    public void need(String name, String what, Callable<?> question) {
        var watch = open(new Watch(what, question));
        watch.start();
        health.requireReady(name, watch::isThere);
    }

    /** Everything is wired and runs. */
    public void started() {
        health.enter(Phase.RUNNING);
    }

    @Override
    public void close() {
        health.enter(Phase.STOPPING);
        if (!http.awaitIdle(REQUEST_DRAIN)) {
            LOG.warn("requests were still being answered after {} s", REQUEST_DRAIN.toSeconds());
        }
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("{} did not close cleanly", part.getClass().getSimpleName(), e);
            }
        }
        http.close();
    }
}
