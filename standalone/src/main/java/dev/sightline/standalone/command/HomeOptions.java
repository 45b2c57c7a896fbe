package dev.sightline.standalone.command;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where this Sightline keeps everything, and where it listens. */
final class HomeOptions {
    @Option(
            names = "--home",
            description = "Where everything is kept (default: ${DEFAULT-VALUE}).",
            defaultValue = "${sys:sightline.home:-.sightline}")
    Path home = Path.of(".sightline");

    @Option(
            names = "--port",
            description = "Port of the API and the page (default: ${DEFAULT-VALUE}).",
            defaultValue = "8080")
    int port;
}
