package dev.sightline.ingest;

import dev.sightline.service.config.IngestConfig;
import dev.sightline.service.process.ServiceHost;
import dev.sightline.service.process.ServiceProcess;

/** The ingest service as a process. */
public final class IngestMain {
    private IngestMain() {}

    /** Runs until SIGTERM; see {@code --help}. */
    public static void main(String[] arguments) {
        ServiceProcess.run(IngestConfig.DEFAULTS, arguments, IngestMain::start);
    }

    private static void start(IngestConfig config, ServiceHost host) throws InterruptedException {
        var kafka = config.kafka().settings();
        var topics = config.kafka().topics();
        host.awaitTopics(kafka, topics);
        var service = host.open(new IngestService(
                kafka,
                topics,
                config.images().store(),
                config.images().limits(),
                config.uploads().directory()));
        service.start(host);
    }
}
