package dev.sightline.standalone.command;

import dev.sightline.service.config.ConfigReader;
import dev.sightline.service.config.ConfigSources;
import dev.sightline.service.config.StandaloneConfig;
import dev.sightline.standalone.Platform;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where this Sightline keeps everything, where it listens, and what else it is told. */
final class HomeOptions {
    private static final int PORT = 8080;

    @Option(
            names = "--home",
            description = "Where everything is kept (default: ${DEFAULT-VALUE}).",
            defaultValue = "${sys:sightline.home:-.sightline}")
    Path home = Path.of(".sightline");

    @Option(names = "--port", description = "Port of the API and the page (default: " + PORT + ").")
    Optional<Integer> port = Optional.empty();

    @Option(
            names = "--milvus",
            paramLabel = "URI",
            description = "Keep the vectors in this Milvus, http://host:port, instead of in this process.")
    Optional<String> milvus = Optional.empty();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings as YAML, see docs/configuration.md (default: what SIGHTLINE_CONFIG names).")
    Optional<Path> file = Optional.empty();

    /** The port that is asked for. */
    int port() {
        return port.orElse(PORT);
    }

    /** Starts everything in {@link #home}. */
    Platform start() throws InterruptedException {
        return start(home, port);
    }

    /** Starts everything where told. @param onPort overrides what is configured */
    Platform start(Path place, Optional<Integer> onPort) throws InterruptedException {
        return Platform.start(place, config(place, onPort, System.getenv()));
    }

    StandaloneConfig config(Path place, Optional<Integer> onPort, Map<String, String> environment) {
        Map<String, String> commandLine = new HashMap<>();
        onPort.ifPresent(given -> commandLine.put("http.port", given.toString()));
        milvus.ifPresent(uri -> {
            commandLine.put("index.type", "milvus");
            commandLine.put("index.milvus.uri", uri);
        });
        return ConfigReader.read(StandaloneConfig.in(place, PORT), ConfigSources.of(file, environment, commandLine));
    }
}
