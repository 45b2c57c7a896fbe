package dev.sightline.standalone.command;

import dev.sightline.domain.ModelVersion;
import dev.sightline.standalone.demo.TrainingRun;
import dev.sightline.towers.ModelManifest;
import dev.sightline.towers.TwoTowerModel;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Brings a registered version into service: embeds everything with it, then switches. Run again, it goes on. */
@Command(
        name = "reembed",
        description = "Embed everything of a stopped Sightline with a registered model version, then switch to it.",
        mixinStandardHelpOptions = true)
public final class ReembedCommand implements Callable<Integer> {
    @Mixin
    private HomeOptions options = new HomeOptions();

    @Parameters(arity = "0..1", paramLabel = "VERSION", description = "The version (default: the newest registered).")
    private Optional<String> version = Optional.empty();

    @Override
    public Integer call() throws InterruptedException {
        try (var platform = options.start()) {
            ModelVersion wanted = wanted(platform.registry().versions());
            if (platform.lifecycle()
                    .active()
                    .filter(active -> active.version().equals(wanted))
                    .isPresent()) {
                System.out.println(wanted + " is active already.");
                return 0;
            }
            ModelManifest manifest;
            var loaded = TwoTowerModel.load(platform.registry().bundle(wanted), TwoTowerModel.bestDevice());
            try (var model = loaded.model()) {
                manifest = loaded.manifest();
            }
            TrainingRun.publish(platform, manifest);
            System.out.println("Active: " + wanted);
            return 0;
        }
    }

    private ModelVersion wanted(List<ModelVersion> registered) {
        if (registered.isEmpty()) {
            throw new IllegalStateException("no model version is registered; train one: sightline train --dataset DIR");
        }
        ModelVersion wanted = version.map(ModelVersion::new).orElseGet(registered::getLast);
        if (!registered.contains(wanted)) {
            throw new IllegalStateException("no version '" + wanted + "' is registered; there are " + registered);
        }
        return wanted;
    }
}
