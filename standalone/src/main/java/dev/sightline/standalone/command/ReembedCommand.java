package dev.sightline.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sightline.domain.ModelVersion;
import dev.sightline.standalone.demo.TrainingRun;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings a registered version into service: embeds everything with it, then switches. Run again, it goes on. */
@Command(
        name = "reembed",
        description = {
            "Embed everything with a registered model version, then switch to it.",
            "A stopped Sightline is started for it; a running one is told with --url."
        },
        mixinStandardHelpOptions = true)
public final class ReembedCommand implements Callable<Integer> {
    private static final String PATH = "/v1/admin/models";
    private static final long LOOK_EVERY_MILLIS = 500;

    @Mixin
    private HomeOptions options = new HomeOptions();

    @Parameters(arity = "0..1", paramLabel = "VERSION", description = "The version (default: the newest registered).")
    private Optional<String> version = Optional.empty();

    @Option(names = "--url", description = "A running Sightline; VERSION must be given.")
    private Optional<String> url = Optional.empty();

    @Override
    public Integer call() throws IOException, InterruptedException {
        return url.isPresent() ? onRunning(new Api(url.get())) : onStopped();
    }

    private int onStopped() throws InterruptedException {
        try (var platform = options.start()) {
            ModelVersion wanted = wanted(platform.registry().versions());
            boolean active = platform.lifecycle()
                    .active()
                    .filter(event -> event.version().equals(wanted))
                    .isPresent();
            if (active) {
                System.out.println(wanted + " is active already.");
                return 0;
            }
            TrainingRun.publish(platform, platform.registry().manifest(wanted));
            System.out.println("Active: " + wanted);
            return 0;
        }
    }

    private int onRunning(Api sightline) throws IOException, InterruptedException {
        String wanted =
                version.orElseThrow(() -> new IllegalStateException("say which version; sightline models lists them"));
        if (!model(sightline.get(PATH), wanted).path("state").asText().equals("BACKFILLING")) {
            sightline.post(PATH + "/" + new ModelVersion(wanted) + "/promote", "application/json", new byte[0]);
        }
        try (var bar = new ProgressBar("Re-embedding", 1)) {
            while (true) {
                JsonNode model = model(sightline.get(PATH), wanted);
                JsonNode backfill = model.path("backfill");
                switch (model.path("state").asText()) {
                    case "ACTIVE" -> {
                        System.out.println("Active: " + wanted);
                        return 0;
                    }
                    case "BACKFILLING" -> {
                        bar.maxHint(backfill.path("total").asLong(1));
                        bar.stepTo(backfill.path("done").asLong());
                    }
                    default ->
                        throw new IllegalStateException(wanted + " is not active: "
                                + model.path("reason").asText());
                }
                if (backfill.path("held").isTextual()) {
                    throw new IllegalStateException(wanted + " is not active yet: "
                            + backfill.path("held").asText());
                }
                Thread.sleep(LOOK_EVERY_MILLIS);
            }
        }
    }

    private static JsonNode model(JsonNode answer, String wanted) {
        for (JsonNode model : answer.path("models")) {
            if (model.path("version").asText().equals(wanted)) {
                return model;
            }
        }
        return Api.JSON.createObjectNode();
    }

    private ModelVersion wanted(List<ModelVersion> registered) {
        if (registered.isEmpty()) {
            throw new IllegalStateException("no model version is registered; train one: sightline train --dataset DIR");
        }
        ModelVersion wanted = version.map(ModelVersion::new).orElseGet(registered::getLast);
        if (!registered.contains(wanted)) {
            throw new IllegalStateException("no version '" + wanted + "' is registered; there are " + registered);
        }
        return wanted;
    }
}
