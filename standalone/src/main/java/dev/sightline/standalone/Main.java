package dev.sightline.standalone;

import dev.sightline.service.config.InvalidConfigurationException;
import dev.sightline.standalone.bench.BenchCommand;
import dev.sightline.standalone.command.DemoCommand;
import dev.sightline.standalone.command.DoctorCommand;
import dev.sightline.standalone.command.EvaluateCommand;
import dev.sightline.standalone.command.IngestCommand;
import dev.sightline.standalone.command.ModelsCommand;
import dev.sightline.standalone.command.ReembedCommand;
import dev.sightline.standalone.command.SearchCommand;
import dev.sightline.standalone.command.ServeCommand;
import dev.sightline.standalone.command.TrainCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line. */
@Command(
        name = "sightline",
        description = "Streamed photos, searchable by what is in them.",
        mixinStandardHelpOptions = true,
        version = "Sightline 0.1.0",
        subcommands = {
            DemoCommand.class,
            ServeCommand.class,
            IngestCommand.class,
            TrainCommand.class,
            EvaluateCommand.class,
            SearchCommand.class,
            ModelsCommand.class,
            ReembedCommand.class,
            DoctorCommand.class,
            BenchCommand.class
        },
        footer = {
            "",
            "Also: ./sightline test, ./sightline format.",
            "Exit codes: 0 done, 1 failed, 2 wrong usage or configuration."
        })
public final class Main {
    private Main() {}

    /** Runs a command and exits with its code. */
    public static void main(String[] arguments) {
        var commandLine = new CommandLine(new Main());
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println("sightline: " + failure.getMessage());
            if (System.getenv("SIGHTLINE_STACK") != null) {
                failure.printStackTrace(command.getErr());
            } else {
                command.getErr().println("(set SIGHTLINE_STACK=1 to see where)");
            }
            return failure instanceof InvalidConfigurationException ? 2 : 1;
        });
        System.exit(commandLine.execute(arguments));
    }
}
