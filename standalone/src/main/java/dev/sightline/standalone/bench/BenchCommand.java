package dev.sightline.standalone.bench;

import picocli.CommandLine.Command;

/** The benchmarks. */
@Command(
        name = "bench",
        description = "Measure.",
        mixinStandardHelpOptions = true,
        subcommands = {BackfillBenchmark.class, ContinuityBenchmark.class, TrainingBenchmark.class})
public final class BenchCommand {}
