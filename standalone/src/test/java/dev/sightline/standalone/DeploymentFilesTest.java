package dev.sightline.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sightline.embed.EmbedMain;
import dev.sightline.ingest.IngestMain;
import dev.sightline.search.SearchMain;
import dev.sightline.service.config.ConfigReader;
import dev.sightline.service.config.ConfigSources;
import dev.sightline.service.config.EmbedConfig;
import dev.sightline.service.config.IngestConfig;
import dev.sightline.service.config.SearchConfig;
import dev.sightline.service.config.ServiceConfig;
import dev.sightline.service.config.TrainerConfig;
import dev.sightline.trainer.TrainerMain;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.commons.text.StringSubstitutor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.yaml.snakeyaml.Yaml;

/** The files that deploy Sightline say only what the services understand. */
class DeploymentFilesTest {
    private static final Path ROOT = Path.of("..");
    private static final Path BASE = ROOT.resolve("deploy/k8s/base");
    private static final Path DEV = ROOT.resolve("deploy/k8s/overlays/dev");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern IN_DOCKERFILE = Pattern.compile("(SIGHTLINE_\\w+)=(\\S+)");

    enum Service {
        INGEST("ingest-service", IngestMain.class, IngestConfig.DEFAULTS),
        EMBED("embed-service", EmbedMain.class, EmbedConfig.DEFAULTS),
        SEARCH("search-service", SearchMain.class, SearchConfig.DEFAULTS),
        TRAINER("trainer", TrainerMain.class, TrainerConfig.DEFAULTS);

        private final String module;
        private final Class<?> main;
        private final ServiceConfig defaults;

        Service(String module, Class<?> main, ServiceConfig defaults) {
            this.module = module;
            this.main = main;
            this.defaults = defaults;
        }
    }

    @ParameterizedTest
    @EnumSource
    void composeGivesEachServiceSettingsItUnderstands(Service service) throws IOException {
        JsonNode described = compose().path("services").path(service.defaults.service());
        Map<String, String> environment = dockerfile();
        described
                .path("environment")
                .properties()
                .forEach(entry ->
                        environment.put(entry.getKey(), entry.getValue().asText()));

        ServiceConfig config = read(service, environment);

        assertThat(config).isNotEqualTo(service.defaults);
        assertThat(described.path("build").path("args").path("SERVICE").asText())
                .isEqualTo(service.module);
    }

    @ParameterizedTest
    @EnumSource
    void kubernetesGivesEachServiceSettingsItUnderstands(Service service) throws IOException {
        Map<String, String> environment = dockerfile();
        environment.putAll(literals(BASE));
        environment.putAll(literals(DEV));

        assertThat(read(service, environment)).isNotEqualTo(service.defaults);
    }

    @ParameterizedTest
    @EnumSource
    void eachImageStartsItsMainClass(Service service) throws IOException {
        List<String> options = Files.readAllLines(ROOT.resolve(service.module).resolve("src/main/java.options"));

        assertThat(options.getLast()).isEqualTo(service.main.getName());
    }

    @ParameterizedTest
    @EnumSource
    void kubernetesHasEverythingOfEachService(Service service) throws IOException {
        String name = service.defaults.service();
        Map<String, JsonNode> byKind = new TreeMap<>();
        for (JsonNode object : documents(BASE.resolve(name + ".yaml"))) {
            assertThat(object.at("/metadata/name").asText()).isEqualTo(name);
            byKind.put(object.path("kind").asText(), object);
        }

        assertThat(byKind.keySet()).containsExactly("Deployment", "PodDisruptionBudget", "Service", "ServiceAccount");
        JsonNode pod = byKind.get("Deployment").at("/spec/template");
        for (String selector : List.of("/spec/selector/matchLabels", "/spec/template/metadata/labels")) {
            assertThat(byKind.get("Deployment").at(selector)).isEqualTo(labels(name));
        }
        assertThat(byKind.get("Service").at("/spec/selector")).isEqualTo(labels(name));
        assertThat(byKind.get("PodDisruptionBudget").at("/spec/selector/matchLabels"))
                .isEqualTo(labels(name));
        assertThat(pod.at("/spec/serviceAccountName").asText()).isEqualTo(name);
        assertThat(pod.at("/spec/containers/0/image").asText()).isEqualTo("sightline-" + name);
        assertThat(pod.at("/spec/containers/0/name").asText())
                .isEqualTo(pod().at("/spec/template/spec/containers/0/name").asText());
    }

    @Test
    void everyPodIsConfinedProbedAndGivenTimeToDrain() throws IOException {
        JsonNode spec = pod().at("/spec/template/spec");
        JsonNode container = spec.at("/containers/0");

        assertThat(spec.path("automountServiceAccountToken").asBoolean(true)).isFalse();
        assertThat(spec.path("enableServiceLinks").asBoolean(true)).isFalse();
        assertThat(spec.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(spec.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
        assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean())
                .isTrue();
        assertThat(container.at("/securityContext/capabilities/drop/0").asText())
                .isEqualTo("ALL");
        assertThat(container.at("/startupProbe/httpGet/path").asText()).isEqualTo("/health/started");
        assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/health/live");
        assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/health/ready");
        assertThat(container.at("/ports/0/containerPort").asText())
                .isEqualTo(dockerfile().get("SIGHTLINE_HTTP_PORT"));
        assertThat(volumes("/spec/template/spec/volumes", "name"))
                .isEqualTo(volumes("/spec/template/spec/containers/0/volumeMounts", "name"));
        assertThat(volumes("/spec/template/spec/containers/0/volumeMounts", "mountPath"))
                .contains(dockerfile().get("SIGHTLINE_IMAGES_DIRECTORY"), "/tmp");
    }

    @Test
    void everyFileOfTheKustomizationsIsThere() throws IOException {
        for (Path kustomization : List.of(BASE, DEV)) {
            JsonNode described =
                    documents(kustomization.resolve("kustomization.yaml")).getFirst();
            Stream.concat(
                            elements(described.path("resources")).map(JsonNode::asText),
                            elements(described.path("patches"))
                                    .filter(patch -> patch.has("path"))
                                    .map(patch -> patch.path("path").asText()))
                    .forEach(file -> assertThat(kustomization.resolve(file)).exists());
        }
    }

    private static ServiceConfig read(Service service, Map<String, String> environment) {
        return ConfigReader.read(service.defaults, new ConfigSources(Optional.empty(), environment, Map.of()));
    }

    private static JsonNode compose() throws IOException {
        var defaults = new Properties();
        try (Reader reader = Files.newBufferedReader(ROOT.resolve(".env"))) {
            defaults.load(reader);
        }
        var substitutor = new StringSubstitutor(name -> defaults.getProperty(name));
        substitutor.setEnableUndefinedVariableException(true);
        String text = substitutor.replace(Files.readString(ROOT.resolve("docker-compose.yml")));
        return JSON.valueToTree(new Yaml().<Object>load(text));
    }

    /** The settings that every image comes with. */
    private static Map<String, String> dockerfile() throws IOException {
        Map<String, String> settings = new HashMap<>();
        Matcher matcher = IN_DOCKERFILE.matcher(Files.readString(ROOT.resolve("deploy/docker/Dockerfile")));
        while (matcher.find()) {
            settings.put(matcher.group(1), matcher.group(2));
        }
        assertThat(settings).isNotEmpty();
        return settings;
    }

    private static Map<String, String> literals(Path kustomization) throws IOException {
        Map<String, String> settings = new HashMap<>();
        elements(documents(kustomization.resolve("kustomization.yaml"))
                        .getFirst()
                        .path("configMapGenerator"))
                .flatMap(map -> elements(map.path("literals")))
                .map(literal -> literal.asText().split("=", 2))
                .forEach(literal -> settings.put(literal[0], literal[1]));
        assertThat(settings).isNotEmpty();
        return settings;
    }

    private static JsonNode pod() throws IOException {
        return documents(BASE.resolve("pod.yaml")).getFirst();
    }

    private static Set<String> volumes(String pointer, String field) throws IOException {
        Set<String> values = new TreeSet<>();
        pod().at(pointer).forEach(volume -> values.add(volume.path(field).asText()));
        return values;
    }

    private static JsonNode labels(String name) {
        return JSON.valueToTree(Map.of("app.kubernetes.io/name", name));
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static List<JsonNode> documents(Path file) throws IOException {
        return StreamSupport.stream(new Yaml().loadAll(Files.readString(file)).spliterator(), false)
                .<JsonNode>map(JSON::valueToTree)
                .toList();
    }
}
