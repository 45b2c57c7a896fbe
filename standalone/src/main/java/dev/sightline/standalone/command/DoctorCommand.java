package dev.sightline.standalone.command;

import dev.sightline.towers.TwoTowerModel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says whether this machine can run Sightline. */
@Command(
        name = "doctor",
        description = "Check this machine: Java, PyTorch, disk, port.",
        mixinStandardHelpOptions = true)
public final class DoctorCommand implements Callable<Integer> {
    private static final long NEEDED_BYTES = 2L << 30;

    @Mixin
    private HomeOptions options = new HomeOptions();

    private boolean healthy = true;

    @Override
    public Integer call() {
        say(true, "Java", Runtime.version().toString());
        try {
            say(true, "PyTorch", "runs on " + TwoTowerModel.bestDevice());
        } catch (RuntimeException | LinkageError e) {
            say(false, "PyTorch", "does not start: " + e.getMessage());
        }
        try {
            Files.createDirectories(options.home);
            long free = Files.getFileStore(options.home).getUsableSpace();
            say(free > NEEDED_BYTES, "Disk", (free >> 20) + " MiB free at " + options.home);
        } catch (IOException e) {
            say(false, "Disk", "cannot write to " + options.home + ": " + e.getMessage());
        }
        try (var socket = new ServerSocket(options.port(), 1, InetAddress.getLoopbackAddress())) {
            say(true, "Port", socket.getLocalPort() + " is free");
        } catch (IOException e) {
            say(false, "Port", options.port() + " is in use; choose another with --port");
        }
        return healthy ? 0 : 1;
    }

    private void say(boolean good, String what, String detail) {
        healthy &= good;
        System.out.printf("%-4s %-8s %s%n", good ? "ok" : "FAIL", what, detail);
    }
}
