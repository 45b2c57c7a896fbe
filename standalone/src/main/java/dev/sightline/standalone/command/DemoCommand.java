package dev.sightline.standalone.command;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sightline.faces.FaceDataset;
import dev.sightline.standalone.demo.ContactSheet;
import dev.sightline.standalone.demo.DemoReport;
import dev.sightline.standalone.demo.Stopwatch;
import dev.sightline.standalone.demo.StreamedGallery;
import dev.sightline.standalone.demo.TrainingRun;
import dev.sightline.trainer.dataset.CelebADataset;
import dev.sightline.trainer.dataset.Dataset;
import dev.sightline.trainer.dataset.Split;
import dev.sightline.trainer.evaluation.RetrievalEvaluation;
import dev.sightline.trainer.training.TrainingRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The main job, end to end, on painted faces or on a dataset of one's own. */
@Command(
        name = "demo",
        description = {
            "Paint faces, train on them, stream held-out ones through Kafka, and measure how well attribute queries find them.",
            "A second run starts on what is already there."
        },
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
    @Mixin
    private HomeOptions options = new HomeOptions();

    @Option(names = "--dataset", description = "Real photos instead of painted faces: a folder in the CelebA layout.")
    private Optional<Path> dataset = Optional.empty();

    @Option(
            names = "--faces",
            description = "How many faces to paint, a quarter of them held out (default: ${DEFAULT-VALUE}).",
            defaultValue = "4000")
    private int faces;

    @Option(names = "--epochs", description = "Passes over the training images (default: by the dataset's size).")
    private Optional<Integer> epochs = Optional.empty();

    @Option(names = "--fresh", description = "Start over.")
    private boolean fresh;

    @Option(names = "--exit", description = "End after the table instead of serving the page.")
    private boolean exit;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures here too.")
    private Optional<Path> json = Optional.empty();

    @Override
    public Integer call() throws InterruptedException, IOException {
        var stopwatch = new Stopwatch();
        Path home = home();
        if (fresh) {
            delete(home);
        }
        var closed = new CountDownLatch(1);
        stopOnInterrupt(Thread.currentThread(), closed);
        try (var platform = options.start(home, exit ? Optional.of(0) : options.port)) {
            stopwatch.lap("start");
            Dataset data = CelebADataset.read(photos(home));
            stopwatch.lap("dataset");
            if (platform.lifecycle().active().isEmpty()) {
                var manifest = TrainingRun.train(
                        data, TrainingRun.settingsFor(TrainingRecipe.DEFAULT, data, epochs), home, platform.registry());
                TrainingRun.publish(platform, manifest);
            }
            stopwatch.lap("train");
            var gallery = StreamedGallery.stream(platform, data.examples(Split.TEST));
            stopwatch.lap("stream");
            var evaluation = RetrievalEvaluation.of(data, gallery.labels(), gallery::search);
            stopwatch.lap("evaluate");
            var report = new DemoReport(evaluation, gallery.accepted(), gallery.searchable(), stopwatch.seconds());
            System.out.println(report.table());
            Path sheet = ContactSheet.write(home.resolve("contact-sheet.png"), gallery);
            System.out.println("Three queries and their first results: " + sheet);
            if (json.isPresent()) {
                Files.write(
                        json.get(),
                        JsonMapper.builder()
                                .enable(SerializationFeature.INDENT_OUTPUT)
                                .build()
                                .writeValueAsBytes(report.toMap()));
            }
            if (!exit) {
                System.out.println("Ask for yourself at " + platform.url() + " (Ctrl-C stops it)");
                Thread.sleep(Long.MAX_VALUE);
            }
            return 0;
        } catch (InterruptedException e) {
            System.out.println("\nStopped; the next run goes on from here.");
            return 130;
        } finally {
            closed.countDown();
        }
    }

    /** Ctrl-C interrupts the command and waits until it has closed everything. */
    private static void stopOnInterrupt(Thread command, CountDownLatch closed) {
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> {
                    command.interrupt();
                    try {
                        closed.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }));
    }

    /** Each dataset has a home of its own, so that demos never mix. */
    private Path home() {
        return options.home.resolve(dataset.map(path -> "demo-"
                        + path.toAbsolutePath().normalize().getFileName() + "-"
                        + Integer.toHexString(
                                path.toAbsolutePath().normalize().toString().hashCode()))
                .orElse("demo-painted-" + faces));
    }

    private Path photos(Path home) {
        if (dataset.isPresent()) {
            return dataset.get();
        }
        Path painted = home.resolve("faces");
        try (var bar = new ProgressBar("Painting", faces)) {
            new FaceDataset(faces, faces * 3 / 40, faces / 4, 1).write(painted, bar::stepTo);
        }
        return painted;
    }

    private static void delete(Path home) throws IOException {
        if (Files.exists(home)) {
            try (Stream<Path> files = Files.walk(home)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
