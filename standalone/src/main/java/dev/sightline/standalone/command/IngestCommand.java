package dev.sightline.standalone.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends a folder of photos to a running Sightline. Sending it again changes nothing. */
@Command(
        name = "ingest",
        description = "Send every photo of a folder to a running Sightline.",
        mixinStandardHelpOptions = true)
public final class IngestCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "Folder of JPEG, PNG or WebP files, searched through.")
    private Path directory = Path.of(".");

    @Option(
            names = "--url",
            description = "Where Sightline is (default: ${DEFAULT-VALUE}).",
            defaultValue = "http://localhost:8080")
    private String url = "";

    @Option(
            names = "--source",
            description = "What to call the source (default: ${DEFAULT-VALUE}).",
            defaultValue = "folder")
    private String source = "";

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Path> files;
        try (Stream<Path> found = Files.walk(directory)) {
            files = found.filter(Files::isRegularFile)
                    .filter(IngestCommand::isPhoto)
                    .sorted()
                    .toList();
        }
        var api = new Api(url);
        api.get("/health/live");
        int refused = 0;
        try (var bar = new ProgressBar("Sending", files.size())) {
            for (Path file : files) {
                try {
                    api.post("/v1/images?source=" + source, "application/octet-stream", Files.readAllBytes(file));
                } catch (IOException e) {
                    refused++;
                    System.err.println(file + ": " + e.getMessage());
                }
                bar.step();
            }
        }
        System.out.printf(
                "%d accepted, %d refused; watch them become searchable at %s%n", files.size() - refused, refused, url);
        return refused == 0 ? 0 : 1;
    }

    private static boolean isPhoto(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return Stream.of(".jpg", ".jpeg", ".png", ".webp").anyMatch(name::endsWith);
    }
}
