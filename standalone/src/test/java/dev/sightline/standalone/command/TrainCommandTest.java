package dev.sightline.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What is refused before anything is started. */
class TrainCommandTest {
    @ParameterizedTest
    @CsvSource({
        "vgg16, there is no backbone 'vgg16'; take small-cnn",
        "torchscript, there is no backbone 'torchscript'",
        "torchscript:nowhere.pt, there is no TorchScript file nowhere.pt"
    })
    void refusesABackboneItDoesNotHave(String backbone, String message) {
        var errors = new StringWriter();
        int exit = new CommandLine(new TrainCommand())
                .setErr(new PrintWriter(errors))
                .execute("--backbone", backbone);

        assertThat(exit).isEqualTo(2);
        assertThat(errors.toString()).contains(message);
    }
}
