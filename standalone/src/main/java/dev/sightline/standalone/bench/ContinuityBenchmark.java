package dev.sightline.standalone.bench;

import dev.sightline.faces.FaceDataset;
import dev.sightline.service.config.LifecycleConfig;
import dev.sightline.service.config.StandaloneConfig;
import dev.sightline.standalone.Platform;
import dev.sightline.standalone.bench.ConstantLoad.Phase;
import dev.sightline.towers.ModelManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Constant uploads and searches through a backfill, a cutover, a rollback and a retirement: what fails (nothing may), what
 * mixes versions (nothing may), and how much later a new photo is found while everything is embedded again.
 */
@Command(
        name = "continuity",
        description =
                "Search and upload without pause while versions replace each other; count failures, time freshness.",
        mixinStandardHelpOptions = true)
public final class ContinuityBenchmark implements Callable<Integer> {
    @Option(names = "--images", description = "Indexed before (default: ${DEFAULT-VALUE}).", defaultValue = "6000")
    private int images;

    @Option(
            names = "--searches-per-second",
            description = "Searches a second meanwhile (default: ${DEFAULT-VALUE}).",
            defaultValue = "20")
    private double searchesPerSecond;

    @Option(
            names = "--uploads-per-second",
            description = "Photos uploaded a second meanwhile (default: ${DEFAULT-VALUE}).",
            defaultValue = "10")
    private double uploadsPerSecond;

    @Option(
            names = "--seconds",
            description = "How long each phase without a backfill lasts (default: ${DEFAULT-VALUE}).",
            defaultValue = "60")
    private int seconds;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures here too.")
    private Optional<Path> json = Optional.empty();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path home = Files.createTempDirectory("sightline-continuity");
        Path faces = home.resolve("faces");
        // As many again to upload meanwhile.
        new FaceDataset(2 * images, 0, 0, 17).write(faces, done -> {});
        var config = StandaloneConfig.in(home.resolve("home"), 0)
                .with(new LifecycleConfig(Duration.ofHours(1), 0.001, 20, 0, 1, 2));
        List<Phase> phases = new ArrayList<>();
        long rollbackMillis;
        try (var platform = Platform.start(home.resolve("home"), config)) {
            var load =
                    new ConstantLoad(platform, faces.resolve("img_align_celeba"), searchesPerSecond, uploadsPerSecond);
            publish(platform, "v1");
            load.prepare(images);
            try (load) {
                load.start(images);
                load.phase("warm-up", () -> Thread.sleep(seconds * 500L));
                phases.add(load.phase("before", () -> Thread.sleep(seconds * 1_000L)));
                phases.add(load.phase("backfill and cutover", () -> publish(platform, "v2")));
                phases.add(load.phase("after the cutover", () -> Thread.sleep(seconds * 1_000L)));
                long start = System.nanoTime();
                phases.add(load.phase("rollback", () -> {
                    platform.lifecycle().rollback();
                    load.awaitSearched("v1");
                }));
                rollbackMillis = (System.nanoTime() - start) / 1_000_000;
                phases.add(load.phase("retirement", () -> {
                    platform.lifecycle().reject(load.version("v2"), "benchmark");
                    while (platform.index()
                            .collections()
                            .contains(platform.lifecycle().collection(load.version("v2")))) {
                        Thread.sleep(200);
                    }
                    Thread.sleep(2_000);
                }));
            }
        }
        print(phases, rollbackMillis);
        return phases.stream().allMatch(phase -> phase.failed() == 0 && phase.mixed() == 0) ? 0 : 1;
    }

    private static void publish(Platform platform, String version) throws InterruptedException {
        ModelManifest manifest = Untrained.version(platform.registry(), version, 64, 16, 64);
        try (var bar = new ProgressBar("Re-embedding for " + version, 1)) {
            platform.lifecycle()
                    .publish(
                            manifest,
                            platform.registry().bundle(manifest.version()).toUri(),
                            (done, total) -> bar.maxHint(total).stepTo(done));
        }
    }

    private void print(List<Phase> phases, long rollbackMillis) throws IOException {
        System.out.printf(
                Locale.ROOT,
                "%n%-22s %8s %9s %7s %6s %8s %14s %14s%n",
                "phase",
                "seconds",
                "searches",
                "failed",
                "mixed",
                "uploads",
                "fresh p50 ms",
                "fresh p99 ms");
        for (Phase phase : phases) {
            System.out.printf(
                    Locale.ROOT,
                    "%-22s %8.1f %9d %7d %6d %8d %14d %14d%n",
                    phase.name(),
                    phase.seconds(),
                    phase.searches(),
                    phase.failed(),
                    phase.mixed(),
                    phase.uploads(),
                    phase.freshnessMillis(0.5),
                    phase.freshnessMillis(0.99));
        }
        System.out.printf("rollback, from the command to the first answer: %d ms%n", rollbackMillis);
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("rollbackMillis", rollbackMillis);
        figures.put("phases", phases.stream().map(Phase::toMap).toList());
        Figures.write(json, figures);
    }
}
