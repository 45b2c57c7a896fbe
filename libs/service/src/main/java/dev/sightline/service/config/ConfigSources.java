package dev.sightline.service.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where settings come from, each overriding the one before.
 *
 * @param file YAML
 * @param environment variables; only those that begin with {@code SIGHTLINE_} are looked at
 * @param commandLine values by key
 */
public record ConfigSources(Optional<Path> file, Map<String, String> environment, Map<String, String> commandLine) {
    public ConfigSources {
        environment = Map.copyOf(environment);
        commandLine = Map.copyOf(commandLine);
    }

    /** The environment of this process, and the file that is given or that {@code SIGHTLINE_CONFIG} names. */
    public static ConfigSources ofProcess(Optional<Path> file, Map<String, String> commandLine) {
        Optional<Path> named =
                Optional.ofNullable(System.getenv("SIGHTLINE_CONFIG")).map(Path::of);
        return new ConfigSources(file.or(() -> named), System.getenv(), commandLine);
    }
}
