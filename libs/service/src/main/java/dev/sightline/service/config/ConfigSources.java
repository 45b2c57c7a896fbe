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

    /** The file that is given, or else the one that {@code SIGHTLINE_CONFIG} names. */
    public static ConfigSources of(
            Optional<Path> file, Map<String, String> environment, Map<String, String> commandLine) {
        Optional<Path> named =
                Optional.ofNullable(environment.get("SIGHTLINE_CONFIG")).map(Path::of);
        return new ConfigSources(file.or(() -> named), environment, commandLine);
    }
}
