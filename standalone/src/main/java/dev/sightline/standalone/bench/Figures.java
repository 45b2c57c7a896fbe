package dev.sightline.standalone.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** What a benchmark found, for other programs to read. */
final class Figures {
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private Figures() {}

    static void write(Optional<Path> file, Map<String, Object> figures) throws IOException {
        if (file.isPresent()) {
            Files.write(file.get(), JSON.writeValueAsBytes(figures));
        }
    }
}
