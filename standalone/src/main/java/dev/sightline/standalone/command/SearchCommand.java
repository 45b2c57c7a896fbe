package dev.sightline.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Asks a running Sightline. */
@Command(name = "search", description = "Ask a running Sightline for photos.", mixinStandardHelpOptions = true)
public final class SearchCommand implements Callable<Integer> {
    @Option(names = "--require", split = ",", description = "Attributes a photo must have.")
    private List<String> require = new ArrayList<>();

    @Option(names = "--exclude", split = ",", description = "Attributes it must not have.")
    private List<String> exclude = new ArrayList<>();

    @Option(
            names = "--like",
            paramLabel = "ID",
            description = "Results are to be like this image in all that is not asked.")
    private Optional<String> like = Optional.empty();

    @Option(names = "--limit", description = "How many photos (default: ${DEFAULT-VALUE}).", defaultValue = "10")
    private int limit;

    @Option(
            names = "--url",
            description = "Where Sightline is (default: ${DEFAULT-VALUE}).",
            defaultValue = "http://localhost:8080")
    private String url = "";

    @Override
    public Integer call() throws IOException, InterruptedException {
        var body = Api.JSON.createObjectNode();
        body.set("require", Api.JSON.valueToTree(require));
        body.set("exclude", Api.JSON.valueToTree(exclude));
        like.ifPresent(example -> body.put("like", example));
        body.put("limit", limit);
        JsonNode answer = new Api(url).post("/v1/search", "application/json", Api.JSON.writeValueAsBytes(body));
        System.out.printf(
                "%s on %s%n",
                (like.map("like "::concat).orElse("") + " "
                                + answer.get("query").asText())
                        .strip(),
                answer.get("modelVersion").asText());
        for (JsonNode result : answer.get("results")) {
            System.out.printf(
                    "%7.4f  %s%n",
                    result.get("score").asDouble(), url + result.get("imageUrl").asText());
        }
        return 0;
    }
}
