package dev.sightline.service;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.net.BindException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP server whose handlers may block: each runs on a virtual thread, and whatever it throws is answered as
 * {@code application/problem+json}.
 */
public final class HttpService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpService.class);
    private static final int START_SECONDS = 20;

    private final Vertx vertx = Vertx.vertx();
    private final Router router = Router.router(vertx);
    private final ExecutorService requests = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("request-", 0).factory());
    private final Phaser inFlight = new Phaser(1);
    private final int port;
    private int actualPort;

    /** @param port 0 for any free one */
    public HttpService(int port) {
        this.port = port;
    }

    public Vertx vertx() {
        return vertx;
    }

    public Router router() {
        return router;
    }

    /** What answers a request; may block. */
    @FunctionalInterface
    public interface Handler {
        void handle(RoutingContext context) throws Exception;
    }

    /** {@code handler} on a virtual thread of its own. */
    public io.vertx.core.Handler<RoutingContext> blocking(Handler handler) {
        return context -> {
            Callable<Void> task = () -> {
                handler.handle(context);
                return null;
            };
            inFlight.register();
            context.addEndHandler(ended -> inFlight.arriveAndDeregister());
            requests.execute(() -> {
                try {
                    task.call();
                } catch (Exception e) {
                    context.fail(e);
                }
            });
        };
    }

    /** @throws IllegalStateException if the port is taken */
    public void start() throws InterruptedException {
        router.route().failureHandler(HttpService::answerFailure);
        router.errorHandler(404, context -> answer(context, notFound(context)));
        router.errorHandler(
                405,
                context -> answer(
                        context,
                        new Problem(405, "Method not allowed", context.request().method() + " is not allowed here")));
        var options = new HttpServerOptions().setCompressionSupported(true).setIdleTimeout(120);
        try {
            HttpServer server = vertx.createHttpServer(options)
                    .requestHandler(router)
                    .listen(port)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(START_SECONDS, TimeUnit.SECONDS);
            actualPort = server.actualPort();
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(
                    e.getCause() instanceof BindException
                            ? "port " + port + " is in use; stop what listens there or choose another (http.port)"
                            : "cannot listen on port " + port,
                    e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("cannot listen on port " + port + " within " + START_SECONDS + " s", e);
        }
    }

    public int port() {
        return actualPort;
    }

    /** Waits until no blocking handler is at work; false if that takes longer. To be called once, before closing. */
    public boolean awaitIdle(Duration timeout) {
        try {
            inFlight.awaitAdvanceInterruptibly(inFlight.arrive(), timeout.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (TimeoutException e) {
            return false;
        }
    }

    private static void answerFailure(RoutingContext context) {
        Throwable failure = context.failure();
        if (failure == null && context.statusCode() == 404) {
            answer(context, notFound(context));
            return;
        }
        answer(
                context,
                problem(
                        context,
                        failure instanceof CompletionException e && e.getCause() != null ? e.getCause() : failure));
    }

    /** What the parser says, without where in a source that it may not show. */
    private static String reason(DecodeException failure) {
        return String.valueOf(failure.getMessage())
                .replaceFirst("^Failed to decode: ?", "")
                .replaceFirst("(?s) ?\\(start marker at .*|\\s+at \\[Source.*", "");
    }

    private static Problem problem(RoutingContext context, @org.jspecify.annotations.Nullable Throwable failure) {
        return switch (failure) {
            case ProblemException e -> e.problem();
            case DecodeException e -> new Problem(400, "Invalid JSON", "the body is not valid JSON: " + reason(e));
            case HttpException e -> new Problem(e.getStatusCode(), "Request refused", String.valueOf(e.getPayload()));
            case IllegalArgumentException e -> new Problem(400, "Invalid request", String.valueOf(e.getMessage()));
            case null -> new Problem(context.statusCode(), "Request refused", "status " + context.statusCode());
            default -> {
                LOG.error(
                        "{} {} failed",
                        context.request().method(),
                        context.request().path(),
                        failure);
                yield new Problem(500, "Internal error", "the service failed to answer; its log says why");
            }
        };
    }

    private static Problem notFound(RoutingContext context) {
        return new Problem(
                404, "Not found", "there is nothing at " + context.request().path());
    }

    private static void answer(RoutingContext context, Problem problem) {
        if (context.response().ended()) {
            return;
        }
        if (problem.status() == 503) {
            context.response().putHeader("Retry-After", "2");
        }
        context.response()
                .setStatusCode(problem.status())
                .putHeader("Content-Type", Problem.MEDIA_TYPE)
                .end(problem.toJson().encode());
    }

    @Override
    public void close() {
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException | TimeoutException e) {
            LOG.warn("the HTTP server did not close cleanly", e);
        }
        requests.shutdownNow();
    }
}
