package dev.sightline.trainer;

import dev.sightline.service.config.TrainerConfig;
import dev.sightline.service.process.ServiceHost;
import dev.sightline.service.process.ServiceProcess;
import dev.sightline.trainer.lifecycle.LifecycleSettings;
import dev.sightline.trainer.lifecycle.ModelCoordinator;
import dev.sightline.trainer.registry.ModelRegistry;

/** The trainer as a process: it keeps model versions and brings them into service. */
public final class TrainerMain {
    private TrainerMain() {}

    /** Runs until SIGTERM; see {@code --help}. */
    public static void main(String[] arguments) {
        ServiceProcess.run(TrainerConfig.DEFAULTS, arguments, TrainerMain::start);
    }

    private static void start(TrainerConfig config, ServiceHost host) throws InterruptedException {
        var kafka = config.kafka().settings();
        var topics = config.kafka().topics();
        host.awaitTopics(kafka, topics);
        var index = host.awaitIndex(config.index());
        var coordinator = host.open(new ModelCoordinator(
                LifecycleSettings.of(config.lifecycle(), config.index().collectionPrefix()),
                kafka,
                topics,
                index,
                new ModelRegistry(config.models().directory()),
                host.meters()));
        coordinator.start(host);
    }
}
