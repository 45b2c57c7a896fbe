package dev.sightline.standalone.command;

import dev.sightline.standalone.Platform;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs everything until Ctrl-C. */
@Command(
        name = "serve",
        description = "Run Kafka, the index and all services in this process.",
        mixinStandardHelpOptions = true)
public final class ServeCommand implements Callable<Integer> {
    @Mixin
    private HomeOptions options = new HomeOptions();

    @Override
    public Integer call() throws InterruptedException {
        var platform = options.start();
        System.out.println("Sightline is at " + platform.url() + " (Ctrl-C stops it)");
        if (platform.activeModel().version().isEmpty()
                && platform.registry().versions().isEmpty()) {
            System.out.println(
                    "No model yet: run `sightline demo`, or `sightline train --dataset DIR` while this is stopped.");
        }
        untilStopped(platform);
        return 0;
    }

    /** Waits for Ctrl-C or SIGTERM, then closes. */
    static void untilStopped(Platform platform) throws InterruptedException {
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> {
                    System.out.println("\nStopping …");
                    platform.close();
                    stopped.countDown();
                }));
        stopped.await();
    }
}
