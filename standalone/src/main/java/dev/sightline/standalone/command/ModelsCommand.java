package dev.sightline.standalone.command;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists model versions. */
@Command(
        name = "models",
        description = "List the model versions of a stopped Sightline.",
        mixinStandardHelpOptions = true)
public final class ModelsCommand implements Callable<Integer> {
    @Mixin
    private HomeOptions options = new HomeOptions();

    @Override
    public Integer call() throws InterruptedException {
        try (var platform = options.start(options.home, Optional.of(0))) {
            platform.lifecycle()
                    .versions()
                    .forEach(event -> System.out.printf(
                            "%-26s %-12s %s  %s%n", event.version(), event.state(), event.changedAt(), event.reason()));
            if (platform.lifecycle().versions().isEmpty()) {
                System.out.println("No models yet: sightline train --dataset DIR");
            }
        }
        return 0;
    }
}
