package dev.sightline.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What operators see of model versions, and say, over HTTP. */
@Command(
        name = "models",
        description =
                "List the model versions of a running Sightline, and how far a backfill is; or move between them.",
        mixinStandardHelpOptions = true)
public final class ModelsCommand implements Callable<Integer> {
    private static final String PATH = "/v1/admin/models";

    /** Where Sightline is. */
    static final class Url {
        @Option(
                names = "--url",
                description = "Where Sightline, or its trainer, is (default: ${DEFAULT-VALUE}).",
                defaultValue = "http://localhost:8080")
        private String url = "";

        JsonNode get() throws IOException, InterruptedException {
            return new Api(url).get(PATH);
        }

        JsonNode post(String path) throws IOException, InterruptedException {
            return new Api(url).post(PATH + path, "application/json", new byte[0]);
        }
    }

    @Mixin
    private Url sightline = new Url();

    @Override
    public Integer call() throws IOException, InterruptedException {
        return list(sightline);
    }

    @Command(name = "list", description = "List the versions.", mixinStandardHelpOptions = true)
    int list(@Mixin Url of) throws IOException, InterruptedException {
        print(of.get());
        return 0;
    }

    @Command(
            name = "promote",
            description = "Bring a version into service: embed everything with it, then move searches to it.",
            mixinStandardHelpOptions = true)
    int promote(
            @Parameters(paramLabel = "VERSION", description = "The version.") String version,
            @Option(
                            names = "--force",
                            description = "Go over whatever the cutover guard says, and however many images fail.")
                    boolean force,
            @Mixin Url of)
            throws IOException, InterruptedException {
        print(of.post("/" + encoded(version) + "/promote?force=" + force));
        return 0;
    }

    @Command(
            name = "rollback",
            description = "Move searches back to the version before, at once.",
            mixinStandardHelpOptions = true)
    int rollback(@Mixin Url of) throws IOException, InterruptedException {
        JsonNode answer = of.post("/rollback");
        System.out.printf(
                "Active: %s, after %.0f ms%n",
                answer.path("rolledBackTo").asText(), answer.path("tookMillis").asDouble());
        print(answer);
        return 0;
    }

    @Command(
            name = "reject",
            description = "Give a version up: it takes no more writes, and its vectors go.",
            mixinStandardHelpOptions = true)
    int reject(
            @Parameters(paramLabel = "VERSION", description = "The version.") String version,
            @Option(names = "--reason", description = "Why.", defaultValue = "rejected by an operator") String reason,
            @Mixin Url of)
            throws IOException, InterruptedException {
        print(of.post("/" + encoded(version) + "/reject?reason=" + encoded(reason)));
        return 0;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static void print(JsonNode answer) {
        for (JsonNode model : answer.path("models")) {
            System.out.printf(
                    "%-26s %-12s %s  %s%n",
                    model.path("version").asText(),
                    model.path("state").asText(),
                    model.path("changedAt").asText(),
                    model.path("reason").asText());
            if (model.has("rollbackUntil")) {
                System.out.printf(
                        "%28srollback possible until %s%n",
                        "", model.path("rollbackUntil").asText());
            }
            printBackfill(model.path("backfill"));
        }
        if (answer.path("models").isEmpty()) {
            System.out.println("No models yet: sightline train --dataset DIR");
        }
    }

    private static void printBackfill(JsonNode backfill) {
        if (backfill instanceof MissingNode) {
            return;
        }
        System.out.printf(
                "%28s%s: %,d of %,d, %.0f/s, %s left, %,d jobs outstanding, %,d failed (%,d tolerated)%n",
                "",
                backfill.path("phase").asText(),
                backfill.path("done").asLong(),
                backfill.path("total").asLong(),
                backfill.path("perSecond").asDouble(),
                backfill.path("etaSeconds").isNull()
                        ? "unknown time"
                        : backfill.path("etaSeconds").asLong() + " s",
                backfill.path("outstanding").asLong(),
                backfill.path("failed").asLong(),
                backfill.path("tolerated").asLong());
        if (!backfill.path("held").isNull()) {
            System.out.printf("%28sheld: %s%n", "", backfill.path("held").asText());
        }
        backfill.path("waitingFor").forEach(worker -> System.out.printf("%28swaiting for %s%n", "", worker.asText()));
        backfill.path("missing").forEach(image -> printImage("missing", image));
        backfill.path("failures").forEach(image -> printImage("failed", image));
    }

    private static void printImage(String what, JsonNode image) {
        System.out.printf(
                "%28s%s %s: %s%n",
                "", what, image.path("id").asText(), image.path("why").asText());
    }
}
