package dev.sightline.trainer;

import dev.sightline.service.config.TrainerConfig;
import dev.sightline.service.process.ServiceHost;
import dev.sightline.service.process.ServiceProcess;
import dev.sightline.trainer.lifecycle.LifecycleSettings;
import dev.sightline.trainer.registry.ModelRegistry;
import dev.sightline.trainer.retraining.RetrainingSettings;

/** The trainer as a process: it keeps model versions, brings them into service, and trains new ones. */
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
        var models = config.models().directory();
        new TrainerService(
                        LifecycleSettings.of(config.lifecycle(), config.index().collectionPrefix()),
                        RetrainingSettings.of(config.retraining(), models),
                        kafka,
                        topics,
                        index,
                        config.images().store(),
                        new ModelRegistry(models),
                        host)
                .start(host);
    }
}
