package dev.sightline.service.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;

/**
 * Reads a configuration record: its defaults, then a file, then the environment, then the command line.
 *
 * <p>Each value is tried on its own, so that all mistakes are found in one reading. What only another service can be told
 * is passed over: one file and one environment may serve them all.
 */
public final class ConfigReader<C extends ServiceConfig> {
    static final Validator VALIDATOR = Validation.byDefaultProvider()
            .configure()
            .messageInterpolator(new ParameterMessageInterpolator())
            .buildValidatorFactory()
            .getValidator();

    /** Variables that are not settings: the launcher, logging, tests. */
    private static final Set<String> NOT_SETTINGS = Set.of(
            "SIGHTLINE_CONFIG",
            "SIGHTLINE_DATASET",
            "SIGHTLINE_HOME",
            "SIGHTLINE_JAVA_OPTS",
            "SIGHTLINE_LOG_LEVEL",
            "SIGHTLINE_STACK",
            "SIGHTLINE_TOOLS");

    private static final String TEST_VARIABLES = "SIGHTLINE_TEST_";

    private final C defaults;
    private final Schema own;
    private final List<Schema> all = ServiceConfig.defaults().stream()
            .map(config -> Schema.of(config, VALIDATOR))
            .toList();
    private final ObjectNode tree;
    private final List<String> mistakes = new ArrayList<>();
    private final Set<String> mistaken = new HashSet<>();

    private ConfigReader(C defaults) {
        this.defaults = defaults;
        this.own = Schema.of(defaults, VALIDATOR);
        this.tree = ConfigJson.MAPPER.valueToTree(defaults);
    }

    /** @throws InvalidConfigurationException with every mistake in the sources */
    public static <C extends ServiceConfig> C read(C defaults, ConfigSources sources) {
        return new ConfigReader<>(defaults).read(sources);
    }

    /** {@code config} as a YAML file that would make it, with secrets masked. */
    public static String print(ServiceConfig config) {
        ObjectNode tree = ConfigJson.MAPPER.valueToTree(config);
        if (tree.path("kafka").path("properties") instanceof ObjectNode properties) {
            properties
                    .properties()
                    .forEach(property -> property.setValue(new TextNode(Secret.ofKafkaProperty(
                            property.getKey(), property.getValue().asText()))));
        }
        try {
            return ConfigJson.MAPPER.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write the configuration of " + config.service() + " as YAML", e);
        }
    }

    private C read(ConfigSources sources) {
        sources.file().ifPresent(this::readFile);
        new TreeMap<>(sources.environment()).forEach(this::readVariable);
        new TreeMap<>(sources.commandLine()).forEach((key, value) -> readKey(key, value, "the command line"));
        C config = bind();
        VALIDATOR.validate(config).forEach(this::add);
        if (!mistakes.isEmpty()) {
            throw new InvalidConfigurationException(defaults.service(), mistakes);
        }
        return config;
    }

    private void readFile(Path file) {
        try {
            JsonNode content = ConfigJson.MAPPER.readTree(file.toFile());
            if (content instanceof ObjectNode sections) {
                readSection("", sections, file);
            } else if (!content.isMissingNode() && !content.isNull()) {
                mistakes.add(file + ": expected sections such as 'kafka:', but found '" + content.asText() + "'");
            }
        } catch (JsonProcessingException e) {
            mistakes.add(file + ": not valid YAML at line " + e.getLocation().getLineNr() + ": "
                    + e.getOriginalMessage().lines().findFirst().orElse(""));
        } catch (IOException e) {
            mistakes.add(file + ": cannot be read (" + e.getMessage() + "); check --config or SIGHTLINE_CONFIG");
        }
    }

    private void readSection(String prefix, ObjectNode section, Path file) {
        for (Map.Entry<String, JsonNode> entry : section.properties()) {
            String key = prefix + entry.getKey();
            switch (entry.getValue()) {
                case ObjectNode nested when isSection(key) || isInMap(key) -> readSection(key + ".", nested, file);
                case JsonNode nothing when nothing.isNull() && isSection(key) -> {}
                case JsonNode value
                when isSection(key) ->
                    mistakes.add(key + " in " + file + " is '" + text(value) + "', but is a section of settings");
                case JsonNode value -> readKey(key, text(value), file.toString());
            }
        }
    }

    private static String text(JsonNode value) {
        return value.isNull() ? "" : value.isValueNode() ? value.asText() : value.toString();
    }

    private boolean isSection(String key) {
        return all.stream().anyMatch(schema -> schema.isSection(key));
    }

    /** Nested keys of a map stand for dotted ones. */
    private boolean isInMap(String key) {
        return all.stream().flatMap(schema -> schema.ofKey(key).stream()).anyMatch(Setting::isMap);
    }

    private void readKey(String key, String value, String source) {
        Optional<Setting> setting = own.ofKey(key);
        if (setting.isPresent()) {
            put(setting.get(), key, value, key + " in " + source);
        } else if (all.stream().noneMatch(schema -> schema.ofKey(key).isPresent())) {
            mistakes.add(key + " in " + source + ": there is no such setting"
                    + Schema.didYouMean(key, everyKnown().map(Setting::key)));
        }
    }

    private void readVariable(String variable, String value) {
        if (!variable.startsWith(Setting.VARIABLE_PREFIX)
                || variable.startsWith(TEST_VARIABLES)
                || NOT_SETTINGS.contains(variable)) {
            return;
        }
        Optional<Setting> setting = own.ofVariable(variable);
        if (setting.isPresent()) {
            put(setting.get(), key(setting.get(), variable), value, variable);
        } else if (all.stream().noneMatch(schema -> schema.ofVariable(variable).isPresent())) {
            mistakes.add(variable + ": there is no such setting"
                    + Schema.didYouMean(
                            variable, Stream.concat(everyKnown().map(Setting::variable), NOT_SETTINGS.stream())));
        }
    }

    private static String key(Setting setting, String variable) {
        if (!setting.isMap()) {
            return setting.key();
        }
        String below = variable.substring(setting.variable().length() + 1);
        return setting.key() + "." + below.replace('_', '.').toLowerCase(Locale.ROOT);
    }

    private Stream<Setting> everyKnown() {
        return all.stream().flatMap(schema -> schema.settings().stream());
    }

    private void put(Setting setting, String key, String value, String source) {
        if (setting.isMap()) {
            parent(setting.key() + ".").put(key.substring(setting.key().length() + 1), value);
            return;
        }
        if (value.isBlank() && setting.type().isReferenceType()) {
            parent(key).putNull(name(key)); // what need not be set is unset by nothing
            return;
        }
        try {
            if (value.isBlank() && setting.type().getRawClass() != String.class) {
                throw new IllegalArgumentException("no value");
            }
            ConfigJson.MAPPER.convertValue(new TextNode(value), setting.type());
            parent(key).put(name(key), value);
        } catch (IllegalArgumentException e) {
            mistaken.add(key);
            mistakes.add(source + " is " + setting.shown(value) + "; allowed: " + setting.allowed());
        }
    }

    /** The node that holds {@code key}; for a key that ends in a dot, the section itself. */
    private ObjectNode parent(String key) {
        ObjectNode node = tree;
        for (int dot = key.indexOf('.'); dot >= 0; dot = key.indexOf('.', dot + 1)) {
            node = node.withObjectProperty(name(key.substring(0, dot)));
        }
        return node;
    }

    private static String name(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }

    @SuppressWarnings("unchecked") // of its own class
    private C bind() {
        try {
            return (C) ConfigJson.MAPPER.treeToValue(tree, defaults.getClass());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("values that were read one by one cannot be read together", e);
        }
    }

    private void add(ConstraintViolation<C> violation) {
        String key = violation.getPropertyPath().toString();
        Optional<Setting> setting = own.ofKey(key);
        if (setting.isEmpty()) {
            mistakes.add(violation.getMessage());
        } else if (mistaken.add(key)) {
            mistakes.add(key + " (" + setting.get().variable() + ") is "
                    + setting.get().shown(tree.at("/" + key.replace('.', '/')).asText()) + "; allowed: "
                    + setting.get().allowed());
        }
    }
}
