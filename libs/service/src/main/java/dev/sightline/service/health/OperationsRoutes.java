package dev.sightline.service.health;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;

/** What operators ask every service: does it live, has it started, can it work now, what has it done. */
public final class OperationsRoutes {
    private final PrometheusMeterRegistry meters;
    private final Health health;

    public OperationsRoutes(PrometheusMeterRegistry meters, Health health) {
        this.meters = meters;
        this.health = health;
    }

    public void mount(Router router) {
        router.get("/health/live").handler(context -> answer(context, health.isLive()));
        router.get("/health/started").handler(context -> answer(context, health.isStarted()));
        router.get("/health/ready").handler(context -> answer(context, health.isReady()));
        router.get("/metrics")
                .handler(context -> context.response()
                        .putHeader("Content-Type", "text/plain; version=0.0.4")
                        .end(meters.scrape()));
    }

    private void answer(RoutingContext context, boolean good) {
        var checks = new JsonObject();
        health.checks().forEach((name, holds) -> checks.put(name, upOrDown(holds)));
        context.response().setStatusCode(good ? 200 : 503);
        context.json(new JsonObject()
                .put("status", upOrDown(good))
                .put("phase", health.phase().name().toLowerCase(Locale.ROOT))
                .put("checks", checks));
    }

    private static String upOrDown(boolean good) {
        return good ? "up" : "down";
    }
}
