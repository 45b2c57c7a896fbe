package dev.sightline.search;

import dev.sightline.service.config.SearchConfig;
import dev.sightline.service.process.ServiceHost;
import dev.sightline.service.process.ServiceProcess;

/** The search service as a process. */
public final class SearchMain {
    private SearchMain() {}

    /** Runs until SIGTERM; see {@code --help}. */
    public static void main(String[] arguments) {
        ServiceProcess.run(SearchConfig.DEFAULTS, arguments, SearchMain::start);
    }

    private static void start(SearchConfig config, ServiceHost host) throws InterruptedException {
        var kafka = config.kafka().settings();
        var topics = config.kafka().topics();
        host.awaitTopics(kafka, topics);
        var index = host.awaitIndex(config.index());
        var service = host.open(new SearchService(
                kafka, topics, index, config.images().store(), config.index().collectionPrefix()));
        service.start(host);
    }
}
