package dev.sightline.index.milvus;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A real Milvus for tests: the one {@code SIGHTLINE_TEST_MILVUS} names ({@code http://host:port}), or a standalone server
 * of PyPI's {@code milvus} started as a process, which {@code deploy/test-tools/install-milvus.sh} installs.
 */
public final class MilvusServer implements AutoCloseable {
    private static final String READY = "port ";

    private final String uri;
    private final Optional<Process> process;

    private MilvusServer(String uri, Optional<Process> process) {
        this.uri = uri;
        this.process = process;
    }

    /** Starts one that keeps its data in {@code directory}, or skips the test saying why there is none. */
    public static MilvusServer startOrSkip(Path directory) throws IOException {
        String given = System.getenv("SIGHTLINE_TEST_MILVUS");
        if (given != null) {
            return new MilvusServer(given, Optional.empty());
        }
        Path environment = Path.of(System.getenv()
                        .getOrDefault("SIGHTLINE_TOOLS", System.getProperty("user.home") + "/.cache/sightline"))
                .resolve("milvus-venv");
        Assumptions.assumeTrue(
                Files.isExecutable(environment.resolve("bin/python")),
                "SKIPPED: no Milvus; run deploy/test-tools/install-milvus.sh or set SIGHTLINE_TEST_MILVUS=http://host:port");
        Path script = directory.resolve("milvus_server.py");
        try (InputStream source = MilvusServer.class.getResourceAsStream("milvus_server.py")) {
            Files.copy(source, script);
        }
        Process process = new ProcessBuilder(
                        environment.resolve("bin/python").toString(),
                        script.toString(),
                        directory.resolve("data").toString(),
                        environment.resolve("unpacked").toString())
                .redirectError(directory.resolve("server.log").toFile())
                .start();
        return new MilvusServer("http://127.0.0.1:" + awaitReady(process, directory), Optional.of(process));
    }

    private static String awaitReady(Process process, Path directory) throws IOException {
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(READY)) {
                return line.substring(READY.length());
            }
        }
        throw new IOException("Milvus did not start; see " + directory);
    }

    public MilvusSettings settings() {
        return new MilvusSettings(uri);
    }

    /** Closing its standard input ends the server; what lingers is killed. */
    @Override
    public void close() {
        process.ifPresent(running -> {
            try {
                running.getOutputStream().close();
                if (!running.waitFor(20, TimeUnit.SECONDS)) {
                    running.descendants().forEach(ProcessHandle::destroyForcibly);
                    running.destroyForcibly();
                }
            } catch (IOException e) {
                running.destroyForcibly();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
