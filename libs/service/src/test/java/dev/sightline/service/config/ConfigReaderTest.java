package dev.sightline.service.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigReaderTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @MethodSource("dev.sightline.service.config.ServiceConfig#defaults")
    void aloneTheDefaultsAreUsed(ServiceConfig defaults) {
        assertThat(ConfigReader.read(defaults, environment(Map.of()))).isEqualTo(defaults);
    }

    @ParameterizedTest
    @MethodSource("dev.sightline.service.config.ServiceConfig#defaults")
    void whatIsPrintedCanBeReadAgain(ServiceConfig defaults) throws IOException {
        Path file = file(ConfigReader.print(defaults));

        assertThat(ConfigReader.read(defaults, new ConfigSources(Optional.of(file), Map.of(), Map.of())))
                .isEqualTo(defaults);
    }

    @ParameterizedTest
    @MethodSource("dev.sightline.service.config.ServiceConfig#defaults")
    void everySettingHasAVariableOfItsOwnThatSetsIt(ServiceConfig defaults) {
        List<Setting> settings = Schema.of(defaults, ConfigReader.VALIDATOR).settings();
        Map<String, String> variables = new HashMap<>();
        settings.forEach(setting -> variables.put(setting.variable(), "\u0000"));
        assertThat(variables).hasSameSizeAs(settings);

        for (Setting setting : settings) {
            if (!setting.isMap() && !setting.isSecret()) {
                assertThat(ConfigReader.read(defaults, environment(Map.of(setting.variable(), setting.standard()))))
                        .as(setting.variable())
                        .isEqualTo(defaults);
            }
        }
    }

    @Test
    void theEnvironmentOverridesTheFileAndTheCommandLineBoth() throws IOException {
        Path file = file("""
                kafka:
                  bootstrapServers: file:1
                  partitions: 3
                embed:
                  maxBatchLinger: 50ms
                http: {port: 1}
                """);
        var config = ConfigReader.read(
                EmbedConfig.DEFAULTS,
                new ConfigSources(
                        Optional.of(file),
                        Map.of(
                                "SIGHTLINE_KAFKA_BOOTSTRAP_SERVERS",
                                "a:1,b:2",
                                "SIGHTLINE_HTTP_PORT",
                                "2",
                                "PATH",
                                "/bin"),
                        Map.of("http.port", "3")));

        assertThat(config.kafka().bootstrapServers()).isEqualTo("a:1,b:2");
        assertThat(config.kafka().partitions()).isEqualTo(3);
        assertThat(config.embed().maxBatchLinger()).isEqualTo(Duration.ofMillis(50));
        assertThat(config.http().port()).isEqualTo(3);
        assertThat(config.index()).isEqualTo(EmbedConfig.DEFAULTS.index());
    }

    @Test
    void everyMistakeIsToldAtOnceWithKeyValueAndWhatIsAllowed() throws IOException {
        Path file = file("""
                kafka:
                  bootstrapServers: nowhere
                  partitons: 3
                index:
                  type: faiss
                embed:
                  maxBatchSize: 64
                  maxInFlight: 8
                http:
                  port: 70000
                """);
        InvalidConfigurationException invalid = catchThrowableOfType(
                InvalidConfigurationException.class,
                () -> ConfigReader.read(
                        EmbedConfig.DEFAULTS,
                        new ConfigSources(
                                Optional.of(file),
                                Map.of(
                                        "SIGHTLINE_KAFKA_RETENTION", "a week",
                                        "SIGHTLINE_KAFKA_BOOTSTRAP", "kafka:9092",
                                        "SIGHTLINE_UNHEARD_OF", "x",
                                        "SIGHTLINE_IMAGES_MAX_BYTES", ""),
                                Map.of())));

        assertThat(invalid.mistakes())
                .containsExactlyInAnyOrder(
                        "kafka.bootstrapServers (SIGHTLINE_KAFKA_BOOTSTRAP_SERVERS) is 'nowhere'; allowed: host:port,"
                                + " several separated by commas",
                        "kafka.partitons in " + file + ": there is no such setting; did you mean kafka.partitions?",
                        "index.type in " + file + " is 'faiss'; allowed: lucene or milvus",
                        "embed.maxInFlight must be at least embed.maxBatchSize, or no batch ever fills",
                        "http.port (SIGHTLINE_HTTP_PORT) is '70000'; allowed: whole number, 0 to 65535",
                        "SIGHTLINE_KAFKA_RETENTION is 'a week'; allowed: duration like 20ms, 30s, 7d, at least 60s",
                        "SIGHTLINE_KAFKA_BOOTSTRAP: there is no such setting; did you mean"
                                + " SIGHTLINE_KAFKA_BOOTSTRAP_SERVERS?",
                        "SIGHTLINE_UNHEARD_OF: there is no such setting",
                        "SIGHTLINE_IMAGES_MAX_BYTES is ''; allowed: whole number, at least 1");
        assertThat(invalid).hasMessageStartingWith("the configuration of embed has 9 mistakes:\n");
    }

    @Test
    void settingsOfOtherServicesAndVariablesThatAreNoSettingsArePassedOver() throws IOException {
        Path file = file("""
                embed: {maxBatchSize: 8}
                models:
                  directory: /models
                """);

        assertThat(ConfigReader.read(
                        SearchConfig.DEFAULTS,
                        new ConfigSources(
                                Optional.of(file),
                                Map.of(
                                        "SIGHTLINE_EMBED_MAX_IN_FLIGHT", "9",
                                        "SIGHTLINE_LOG_LEVEL", "DEBUG",
                                        "SIGHTLINE_TEST_MILVUS", "http://localhost:1"),
                                Map.of())))
                .isEqualTo(SearchConfig.DEFAULTS);
    }

    @Test
    void kafkaPropertiesPassThroughAsTheyAre() throws IOException {
        Path file = file("""
                kafka:
                  properties:
                    security.protocol: SASL_SSL
                    sasl:
                      mechanism: PLAIN
                """);
        var config = ConfigReader.read(
                IngestConfig.DEFAULTS,
                new ConfigSources(
                        Optional.of(file), Map.of("SIGHTLINE_KAFKA_PROPERTIES_SASL_JAAS_CONFIG", "login"), Map.of()));

        assertThat(config.kafka().settings().properties())
                .isEqualTo(Map.of(
                        "security.protocol", "SASL_SSL", "sasl.mechanism", "PLAIN", "sasl.jaas.config", "login"));
    }

    @Test
    void secretsAreNeverPrinted() {
        var config = ConfigReader.read(
                SearchConfig.DEFAULTS,
                environment(Map.of(
                        "SIGHTLINE_INDEX_MILVUS_TOKEN", "root:hush",
                        "SIGHTLINE_KAFKA_PROPERTIES_SASL_JAAS_CONFIG", "hush",
                        "SIGHTLINE_KAFKA_PROPERTIES_MY_LOGIN_MODULE_SETTING", "hush",
                        "SIGHTLINE_KAFKA_PROPERTIES_SASL_MECHANISM", "PLAIN")));

        assertThat(config.index().milvus().settings().token()).contains("root:hush");
        assertThat(config.index().milvus().settings().toString()).doesNotContain("hush");
        assertThat(config.index().toString()).doesNotContain("hush").contains("****");
        assertThat(ConfigReader.print(config))
                .doesNotContain("hush")
                .contains("sasl.jaas.config: '****'", "my.login.module.setting: '****'", "token: '****'")
                .contains("sasl.mechanism: PLAIN");
        assertThat(config.kafka().toString()).doesNotContain("hush");
    }

    @Test
    void aFileThatIsNoConfigurationIsNamedWithThePlace() throws IOException {
        assertThat(mistakesOf("kafka:\n  partitions: [1\n"))
                .singleElement()
                .asString()
                .contains("not valid YAML at line");
        assertThat(mistakesOf("http: {port: 1}\nhttp: {port: 2}\n"))
                .singleElement()
                .asString()
                .contains("Duplicate field 'http'");
        assertThat(mistakesOf("hello")).singleElement().asString().contains("expected sections such as 'kafka:'");
        assertThat(mistakesOf("kafka: 7"))
                .singleElement()
                .asString()
                .contains("kafka in ")
                .contains("is a section");
        assertThat(mistakesOf("http:\n  port: [1]\n"))
                .singleElement()
                .asString()
                .contains("is '[1]'; allowed: whole number");
        assertThatThrownBy(() -> ConfigReader.read(
                        SearchConfig.DEFAULTS,
                        new ConfigSources(Optional.of(directory.resolve("absent.yaml")), Map.of(), Map.of())))
                .hasMessageContaining("absent.yaml: cannot be read")
                .hasMessageContaining("SIGHTLINE_CONFIG");
    }

    @Test
    void anEmptyFileOrSectionSaysNothing() throws IOException {
        assertThat(ConfigReader.read(
                        SearchConfig.DEFAULTS,
                        new ConfigSources(Optional.of(file("# nothing yet\nkafka:\n")), Map.of(), Map.of())))
                .isEqualTo(SearchConfig.DEFAULTS);
    }

    private List<String> mistakesOf(String yaml) throws IOException {
        Path file = file(yaml);
        return catchThrowableOfType(
                        InvalidConfigurationException.class,
                        () -> ConfigReader.read(
                                SearchConfig.DEFAULTS, new ConfigSources(Optional.of(file), Map.of(), Map.of())))
                .mistakes();
    }

    private static ConfigSources environment(Map<String, String> variables) {
        return new ConfigSources(Optional.empty(), variables, Map.of());
    }

    private Path file(String yaml) throws IOException {
        return Files.writeString(directory.resolve("sightline.yaml"), yaml);
    }
}
