package dev.sightline.service.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The table in {@code docs/configuration.md} is what the records say. */
class ConfigurationPageTest {
    private static final Path PAGE = Path.of("../../docs/configuration.md");
    private static final String BEGIN = "<!-- settings: generated from the configuration records -->\n";
    private static final String END = "<!-- end of settings -->\n";

    @Test
    void thePageHasTheTableOfTheRecords() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        String wanted = page.substring(0, begin) + SettingsTable.markdown() + page.substring(end);
        if (Boolean.getBoolean("sightline.docs.write")) {
            Files.writeString(PAGE, wanted);
        }

        assertThat(Files.readString(PAGE))
                .as(
                        "docs/configuration.md is out of date; rewrite it with: mvn test -pl libs/service -am"
                                + " -Dtest=ConfigurationPageTest -Dsurefire.failIfNoSpecifiedTests=false -Dsightline.docs.write=true")
                .isEqualTo(wanted);
    }

    @Test
    void everySettingSaysWhatItMeans() {
        assertThat(ServiceConfig.defaults())
                .flatMap(defaults -> Schema.of(defaults, ConfigReader.VALIDATOR).settings())
                .allSatisfy(setting ->
                        assertThat(setting.meaning()).as(setting.key()).isNotBlank());
    }
}
