package dev.sightline.service.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sightline.index.IndexUnavailableException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ServiceHostTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @Test
    void answersHealthWhileItStartsAndTheApiOnlyWhenItRuns() throws Exception {
        var indexIsThere = new AtomicBoolean(true);
        var loopRuns = new AtomicBoolean(true);
        try (var host = new ServiceHost(0)) {
            host.start();
            host.http().router().get("/v1/thing").handler(host.http().blocking(context -> context.end("thing")));
            assertThat(statuses(host)).containsExactly(200, 503, 503, 503);

            host.health().requireReady("index", indexIsThere::get);
            host.health().requireLiving("loop", loopRuns::get);
            host.started();
            assertThat(statuses(host)).containsExactly(200, 200, 200, 200);

            indexIsThere.set(false);
            assertThat(statuses(host)).containsExactly(200, 200, 503, 200);
            assertThat(get(host, "/health/ready").body())
                    .contains("\"index\":\"down\"", "\"loop\":\"up\"", "\"phase\":\"running\"");

            indexIsThere.set(true);
            loopRuns.set(false);
            assertThat(statuses(host)).containsExactly(503, 503, 503, 200);
            assertThat(get(host, "/metrics").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void closingFinishesWhatIsAskedThenClosesTheLastOpenedFirst() throws Exception {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        var asked = new CountDownLatch(1);
        var mayAnswer = new CountDownLatch(1);
        var host = new ServiceHost(0);
        host.open(() -> order.add("first"));
        host.open(() -> {
            throw new IllegalStateException("this part does not close");
        });
        host.open(() -> order.add("last"));
        host.start();
        host.http().router().get("/v1/slow").handler(host.http().blocking(context -> {
            asked.countDown();
            mayAnswer.await();
            order.add("answered");
            context.end("slow");
        }));
        host.started();
        CompletableFuture<HttpResponse<String>> answer =
                CLIENT.sendAsync(request(host, "/v1/slow"), HttpResponse.BodyHandlers.ofString());
        asked.await();

        var closing = Thread.ofVirtual().start(host::close);
        await().until(() -> get(host, "/v1/other").body().contains("Stopping"));
        assertThat(get(host, "/health/ready").statusCode()).isEqualTo(503);
        mayAnswer.countDown();
        closing.join();

        assertThat(answer.get().body()).isEqualTo("slow");
        assertThat(order).containsExactly("answered", "last", "first");
    }

    @Test
    void waitsForWhatMayComeAndForNothingElse() throws InterruptedException {
        var attempts = new AtomicInteger();
        try (var host = new ServiceHost(0)) {
            assertThat(host.await("the index", () -> {
                        if (attempts.incrementAndGet() == 1) {
                            throw new IndexUnavailableException("not yet", new IOException());
                        }
                        return "there";
                    }))
                    .isEqualTo("there");
            assertThat(attempts).hasValue(2);

            assertThatThrownBy(() -> host.await("the index", () -> {
                        throw new IllegalStateException("another process has it");
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("another process has it");
        }
    }

    @Test
    void waitingCanBeInterrupted() throws InterruptedException {
        var interrupted = new AtomicBoolean();
        var waiting = new CountDownLatch(1);
        try (var host = new ServiceHost(0)) {
            var starting = Thread.ofVirtual().start(() -> {
                try {
                    host.await("the index", () -> {
                        waiting.countDown();
                        throw new IndexUnavailableException("never", new IOException());
                    });
                } catch (InterruptedException e) {
                    interrupted.set(true);
                }
            });
            waiting.await();
            starting.interrupt();
            starting.join();
        }
        assertThat(interrupted).isTrue();
    }

    /** Of live, started, ready and an API route. */
    private static List<Integer> statuses(ServiceHost host) throws IOException, InterruptedException {
        return List.of(
                get(host, "/health/live").statusCode(),
                get(host, "/health/started").statusCode(),
                get(host, "/health/ready").statusCode(),
                get(host, "/v1/thing").statusCode());
    }

    private static HttpResponse<String> get(ServiceHost host, String path) throws IOException, InterruptedException {
        return CLIENT.send(request(host, path), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest request(ServiceHost host, String path) {
        return HttpRequest.newBuilder(
                        URI.create("http://localhost:" + host.http().port() + path))
                .build();
    }
}
