package dev.sightline.trainer.lifecycle;

import dev.sightline.domain.ImageId;
import dev.sightline.domain.ModelVersion;
import dev.sightline.events.FencedProducer.FencedException;
import dev.sightline.events.ModelStateChanged;
import dev.sightline.events.ModelVersions;
import dev.sightline.events.RetryableException;
import dev.sightline.index.IndexUnavailableException;
import dev.sightline.service.HttpService;
import dev.sightline.service.ProblemException;
import dev.sightline.towers.UnusableBundleException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What operators see of model versions, and say: {@code GET /v1/admin/models}, and {@code POST} to
 * {@code /v1/admin/models/rollback}, {@code /v1/admin/models/VERSION/promote[?force=true]} and
 * {@code /v1/admin/models/VERSION/reject[?reason=…]}.
 */
public final class ModelAdminRoutes {
    private final ModelCoordinator coordinator;

    public ModelAdminRoutes(ModelCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    public void mount(HttpService http) {
        var router = http.router();
        router.get("/v1/admin/models").handler(http.blocking(this::list));
        router.post("/v1/admin/models/rollback").handler(http.blocking(this::rollback));
        router.post("/v1/admin/models/:version/promote").handler(http.blocking(this::promote));
        router.post("/v1/admin/models/:version/reject").handler(http.blocking(this::reject));
    }

    private void list(RoutingContext context) {
        context.json(command(this::models));
    }

    private void rollback(RoutingContext context) {
        long start = System.nanoTime();
        ModelVersion active = command(coordinator::rollback);
        context.json(models().put("rolledBackTo", active.value()).put("tookMillis", (System.nanoTime() - start) / 1e6));
    }

    private void promote(RoutingContext context) {
        boolean force = Boolean.parseBoolean(context.request().getParam("force", "false"));
        context.json(command(() -> {
            coordinator.promote(version(context), force ? "promoted with force" : "promoted", force);
            return models();
        }));
    }

    private void reject(RoutingContext context) {
        context.json(command(() -> {
            coordinator.reject(version(context), context.request().getParam("reason", "rejected by an operator"));
            return models();
        }));
    }

    private static ModelVersion version(RoutingContext context) {
        return new ModelVersion(context.pathParam("version"));
    }

    private interface Command<T> {
        T run();
    }

    private static <T> T command(Command<T> command) {
        try {
            return command.run();
        } catch (RefusedTransitionException e) {
            throw new ProblemException(409, "Not possible now", String.valueOf(e.getMessage()));
        } catch (UnusableBundleException e) {
            throw new ProblemException(409, "Unusable model bundle", String.valueOf(e.getMessage()));
        } catch (NotActingException e) {
            throw new ProblemException(503, "Not the coordinator", String.valueOf(e.getMessage()));
        } catch (FencedException | RetryableException | IndexUnavailableException e) {
            throw new ProblemException(
                    503,
                    "Cannot tell now",
                    "Kafka or the vector index does not answer, or another trainer takes over; look at the models, then"
                            + " try again");
        }
    }

    private JsonObject models() {
        ModelVersions versions = coordinator.versions();
        Optional<BackfillProgress> progress = coordinator.progress();
        var models = new JsonArray();
        versions.all().forEach(event -> models.add(model(event, progress)));
        return new JsonObject()
                .put("acting", coordinator.isActing())
                .put("generation", versions.generation())
                .put(
                        "active",
                        versions.active().map(event -> event.version().value()).orElse(null))
                .put(
                        "rollbackTo",
                        versions.standby().map(event -> event.version().value()).orElse(null))
                .put("models", models);
    }

    private JsonObject model(ModelStateChanged event, Optional<BackfillProgress> progress) {
        var model = new JsonObject()
                .put("version", event.version().value())
                .put("state", event.state().name())
                .put("reason", event.reason())
                .put("changedAt", event.changedAt().toString())
                .put("takesWrites", event.takesWrites())
                .put("collection", coordinator.collection(event.version()))
                .put("dimension", event.dimension());
        event.rollbackUntil().ifPresent(until -> model.put("rollbackUntil", until.toString()));
        progress.filter(running -> running.version().equals(event.version()))
                .ifPresent(running -> model.put("backfill", backfill(running, event.reason())));
        return model;
    }

    private static JsonObject backfill(BackfillProgress progress, String reason) {
        return new JsonObject()
                .put("phase", progress.phase().name())
                .put("done", progress.done())
                .put("total", progress.total())
                .put("perSecond", progress.perSecond())
                .put("etaSeconds", progress.eta().map(Duration::toSeconds).orElse(null))
                .put("outstanding", progress.outstanding())
                .put("pass", progress.pass())
                .put("held", progress.isHeld() ? progress.why(reason) : null)
                .put("waitingFor", new JsonArray(progress.waitingFor()))
                .put("missing", images(progress.missing()))
                .put("failed", progress.failed())
                .put("tolerated", progress.tolerated())
                .put("failures", images(progress.failures()));
    }

    private static JsonArray images(Map<ImageId, String> why) {
        List<JsonObject> images = why.entrySet().stream()
                .map(image -> new JsonObject().put("id", image.getKey().value()).put("why", image.getValue()))
                .toList();
        return new JsonArray(images);
    }
}
