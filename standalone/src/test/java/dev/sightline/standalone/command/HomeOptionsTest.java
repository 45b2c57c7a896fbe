package dev.sightline.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sightline.service.config.IndexConfig;
import dev.sightline.service.config.StandaloneConfig;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class HomeOptionsTest {
    @Command(name = "any")
    static final class AnyCommand {
        @Mixin
        private HomeOptions options = new HomeOptions();
    }

    @Test
    void everythingIsUnderTheHomeUnlessToldOtherwise() {
        assertThat(config(Map.of(), "--home", "/photos")).isEqualTo(StandaloneConfig.in(Path.of("/photos"), 8080));
        assertThat(config(Map.of("SIGHTLINE_IMAGES_DIRECTORY", "/big"), "--home", "/photos")
                        .images()
                        .directory())
                .isEqualTo(Path.of("/big"));
    }

    @Test
    void thePortOfTheCommandLineWins() {
        Map<String, String> environment = Map.of("SIGHTLINE_HTTP_PORT", "1");

        assertThat(config(environment).http().port()).isEqualTo(1);
        assertThat(config(environment, "--port", "2").http().port()).isEqualTo(2);
    }

    @Test
    void milvusTakesThePlaceOfTheEmbeddedIndex() {
        IndexConfig index = config(Map.of(), "--milvus", "http://milvus:19530").index();

        assertThat(index.type()).isEqualTo(IndexConfig.Type.MILVUS);
        assertThat(index.milvus().uri()).isEqualTo("http://milvus:19530");
    }

    private static StandaloneConfig config(Map<String, String> environment, String... arguments) {
        var command = new AnyCommand();
        new CommandLine(command).parseArgs(arguments);
        return command.options.config(command.options.home, command.options.port, environment);
    }
}
