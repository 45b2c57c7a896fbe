package dev.sightline.service.process;

import dev.sightline.service.config.ConfigReader;
import dev.sightline.service.config.ConfigSources;
import dev.sightline.service.config.InvalidConfigurationException;
import dev.sightline.service.config.ServiceConfig;
import dev.sightline.service.config.SettingsTable;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/**
 * The life of a service's process: read the configuration, say it, start, wait for SIGTERM or Ctrl-C, drain.
 *
 * <p>Exit codes: 143 or 130 after a signal, when everything is drained; 2 if the configuration cannot be used; 1 if the
 * service could not start.
 */
@Command(
        mixinStandardHelpOptions = true,
        versionProvider = ServiceProcess.Version.class,
        descriptionHeading = "%n",
        footerHeading = "%nSettings and their defaults (docs/configuration.md has them all at length):%n")
public final class ServiceProcess<C extends ServiceConfig> implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceProcess.class);
    private static final int WRONG_CONFIGURATION = 2;
    private static final int FAILED = 1;

    /** Makes and starts a service's parts, each of which the host closes again. */
    @FunctionalInterface
    public interface Wiring<C> {
        void start(C config, ServiceHost host) throws InterruptedException;
    }

    /** Sightline's version as its jars say it. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = ServiceProcess.class.getPackage().getImplementationVersion();
            return new String[] {"Sightline " + (version == null ? "(from a build directory)" : version)};
        }
    }

    private final C defaults;
    private final Wiring<C> wiring;

    @Option(names = "--config", paramLabel = "FILE", description = "YAML file (default: what SIGHTLINE_CONFIG names).")
    private Optional<Path> file = Optional.empty();

    @Option(names = "--print-config", description = "Print the configuration this would run with, and exit.")
    private boolean printConfig;

    private ServiceProcess(C defaults, Wiring<C> wiring) {
        this.defaults = defaults;
        this.wiring = wiring;
    }

    /** Runs the service and exits with its code. */
    public static <C extends ServiceConfig> void run(C defaults, String[] arguments, Wiring<C> wiring) {
        var commandLine = new CommandLine(new ServiceProcess<>(defaults, wiring));
        commandLine.setCommandName(defaults.service());
        commandLine.getCommandSpec().usageMessage().description("Sightline's " + defaults.service() + " service.");
        commandLine
                .getCommandSpec()
                .usageMessage()
                .footer(SettingsTable.lines(defaults).toArray(String[]::new));
        System.exit(commandLine.execute(arguments));
    }

    @Override
    public Integer call() {
        C config;
        try {
            config = ConfigReader.read(defaults, ConfigSources.of(file, System.getenv(), Map.of()));
        } catch (InvalidConfigurationException e) {
            System.err.println(e.getMessage());
            return WRONG_CONFIGURATION;
        }
        if (printConfig) {
            System.out.print(ConfigReader.print(config));
            return 0;
        }
        LOG.info("{}, {} service", new Version().getVersion()[0], config.service());
        LOG.info("configuration:\n{}", ConfigReader.print(config));
        return runUntilSignal(config);
    }

    private int runUntilSignal(C config) {
        var ended = new CountDownLatch(1);
        stopOnSignal(Thread.currentThread(), ended);
        var host = new ServiceHost(config.http().port());
        try {
            host.start();
            wiring.start(config, host);
            host.started();
            LOG.info(
                    "{} runs; health is at http://localhost:{}/health/ready",
                    config.service(),
                    host.http().port());
            new CountDownLatch(1).await();
            return 0;
        } catch (InterruptedException | InterruptException e) {
            LOG.info("{} is stopping", config.service());
            return 0;
        } catch (RuntimeException e) {
            LOG.error("{} cannot run: {}", config.service(), e.getMessage(), e);
            return isConfiguration(e) ? WRONG_CONFIGURATION : FAILED;
        } finally {
            // The signal has been taken; it must not cut the drain short.
            Thread.interrupted();
            host.close();
            LOG.info("{} has stopped", config.service());
            ended.countDown();
        }
    }

    private static void stopOnSignal(Thread main, CountDownLatch ended) {
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> {
                    main.interrupt();
                    try {
                        ended.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }));
    }

    private static boolean isConfiguration(Throwable failure) {
        return failure instanceof ConfigException
                || (failure.getCause() != null && isConfiguration(failure.getCause()));
    }
}
