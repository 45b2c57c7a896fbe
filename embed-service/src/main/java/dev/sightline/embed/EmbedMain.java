package dev.sightline.embed;

import dev.sightline.service.config.EmbedConfig;
import dev.sightline.service.process.ServiceHost;
import dev.sightline.service.process.ServiceProcess;

/** An embed worker as a process. */
public final class EmbedMain {
    private EmbedMain() {}

    /** Runs until SIGTERM; see {@code --help}. */
    public static void main(String[] arguments) {
        ServiceProcess.run(EmbedConfig.DEFAULTS, arguments, EmbedMain::start);
    }

    private static void start(EmbedConfig config, ServiceHost host) throws InterruptedException {
        var kafka = config.kafka().settings();
        var topics = config.kafka().topics();
        host.awaitTopics(kafka, topics);
        var index = host.awaitIndex(config.index());
        var settings = EmbedSettings.of(config.embed(), config.images(), config.index());
        var worker = host.open(
                new EmbedWorker(settings, kafka, topics, config.images().store(), index, host.meters()));
        worker.start(host.health());
    }
}
