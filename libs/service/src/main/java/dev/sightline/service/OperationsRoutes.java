package dev.sightline.service;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** What operators ask every service: is it alive, can it work, what has it done. */
public final class OperationsRoutes {
    private final PrometheusMeterRegistry meters;
    private final Map<String, BooleanSupplier> checks;

    /** @param checks what must hold for the service to be ready, by name */
    public OperationsRoutes(PrometheusMeterRegistry meters, Map<String, BooleanSupplier> checks) {
        this.meters = meters;
        this.checks = Map.copyOf(checks);
    }

    public void mount(Router router) {
        router.get("/health/live").handler(context -> context.json(new JsonObject().put("status", "up")));
        router.get("/health/ready").handler(context -> {
            var results = new JsonObject();
            checks.forEach((name, check) -> results.put(name, check.getAsBoolean() ? "up" : "down"));
            boolean ready = checks.values().stream().allMatch(BooleanSupplier::getAsBoolean);
            context.response().setStatusCode(ready ? 200 : 503);
            context.json(new JsonObject().put("status", ready ? "up" : "down").put("checks", results));
        });
        router.get("/metrics")
                .handler(context -> context.response()
                        .putHeader("Content-Type", "text/plain; version=0.0.4")
                        .end(meters.scrape()));
    }
}
