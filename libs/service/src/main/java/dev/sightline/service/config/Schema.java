package dev.sightline.service.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.validation.Validator;
import jakarta.validation.metadata.BeanDescriptor;
import jakarta.validation.metadata.PropertyDescriptor;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.text.similarity.JaroWinklerSimilarity;

/** What can be set in one configuration record, read off the record itself. */
record Schema(List<Setting> settings) {
    private static final double SIMILAR = 0.9;

    static Schema of(ServiceConfig defaults, Validator validator) {
        List<Setting> found = new ArrayList<>();
        collect(defaults.getClass(), "", ConfigJson.MAPPER.valueToTree(defaults), validator, found);
        return new Schema(List.copyOf(found));
    }

    private static void collect(
            Class<?> type, String prefix, ObjectNode defaults, Validator validator, List<Setting> found) {
        for (RecordComponent component : type.getRecordComponents()) {
            String key = prefix + component.getName();
            JsonNode standard = defaults.path(component.getName());
            if (component.getType().isRecord()) {
                collect(component.getType(), key + ".", (ObjectNode) standard, validator, found);
            } else {
                JavaType valueType = ConfigJson.MAPPER.constructType(component.getGenericType());
                found.add(new Setting(
                        key,
                        valueType,
                        standard.isNull() ? "" : standard.asText(),
                        allowed(validator.getConstraintsForClass(type), component.getName(), valueType),
                        meaning(component)));
            }
        }
    }

    /** Jackson's annotation lands on the component's field. */
    private static String meaning(RecordComponent component) {
        return Arrays.stream(component.getDeclaringRecord().getDeclaredFields())
                .filter(field -> field.getName().equals(component.getName()))
                .map(field -> field.getAnnotation(JsonPropertyDescription.class))
                .filter(Objects::nonNull)
                .map(JsonPropertyDescription::value)
                .findFirst()
                .orElse("");
    }

    private static String allowed(BeanDescriptor constraints, String component, JavaType type) {
        PropertyDescriptor property = constraints.getConstraintsForProperty(component);
        Stream<String> limits = property == null
                ? Stream.of()
                : property.getConstraintDescriptors().stream().map(limit -> limit.getMessageTemplate());
        return Stream.concat(kind(type).stream(), limits).distinct().collect(Collectors.joining(", "));
    }

    private static Optional<String> kind(JavaType type) {
        Class<?> raw = type.getRawClass();
        if (raw == int.class || raw == long.class) {
            return Optional.of("whole number");
        }
        if (raw == boolean.class) {
            return Optional.of("true or false");
        }
        if (raw == Duration.class) {
            return Optional.of("duration like 20ms, 30s, 7d");
        }
        if (raw == Path.class) {
            return Optional.of("path");
        }
        return raw.isEnum()
                ? Optional.of(Arrays.stream(raw.getEnumConstants())
                        .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(" or ")))
                : Optional.empty();
    }

    /** The setting of this key, or the map it is in. */
    Optional<Setting> ofKey(String key) {
        return settings.stream()
                .filter(setting -> setting.isMap()
                        ? key.startsWith(setting.key() + ".")
                        : setting.key().equals(key))
                .findFirst();
    }

    /** The setting of this environment variable, or the map it is in. */
    Optional<Setting> ofVariable(String variable) {
        return settings.stream()
                .filter(setting -> setting.isMap()
                        ? variable.startsWith(setting.variable() + "_")
                        : setting.variable().equals(variable))
                .findFirst();
    }

    /** Whether settings lie below {@code key}; below a map's key lies whatever is written there. */
    boolean isSection(String key) {
        return settings.stream()
                .anyMatch(setting -> setting.key().startsWith(key + ".")
                        || (setting.isMap() && setting.key().equals(key)));
    }

    /** A hint at the most similar of {@code known}, or nothing if none is similar. */
    static String didYouMean(String misspelt, Stream<String> known) {
        return known.filter(candidate -> similarity(misspelt, candidate) >= SIMILAR)
                .max(Comparator.comparing(candidate -> similarity(misspelt, candidate)))
                .map(nearest -> "; did you mean " + nearest + "?")
                .orElse("");
    }

    /** Unlike an edit distance this favours a common beginning, and so finds a name cut short. */
    private static double similarity(String misspelt, String known) {
        return new JaroWinklerSimilarity().apply(distinctive(misspelt), distinctive(known));
    }

    private static String distinctive(String name) {
        return name.startsWith(Setting.VARIABLE_PREFIX) ? name.substring(Setting.VARIABLE_PREFIX.length()) : name;
    }
}
