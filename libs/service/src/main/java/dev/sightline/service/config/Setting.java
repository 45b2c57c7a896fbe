package dev.sightline.service.config;

import com.fasterxml.jackson.databind.JavaType;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One thing that can be set.
 *
 * @param key as in a file, {@code kafka.bootstrapServers}; for a map of anything, what its keys begin with
 * @param type of its value
 * @param standard its default as text, empty if it has none
 * @param allowed what values are, for people
 * @param meaning in a sentence or two
 */
record Setting(String key, JavaType type, String standard, String allowed, String meaning) {
    static final String VARIABLE_PREFIX = "SIGHTLINE_";
    private static final Pattern HUMP = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

    /** Its environment variable, {@code SIGHTLINE_KAFKA_BOOTSTRAP_SERVERS}. */
    String variable() {
        return VARIABLE_PREFIX
                + HUMP.matcher(key).replaceAll("_").replace('.', '_').toUpperCase(Locale.ROOT);
    }

    /** Whether it holds any keys below its own. */
    boolean isMap() {
        return type.isMapLikeType();
    }

    boolean isSecret() {
        return type.getRawClass() == Secret.class
                || (type.isReferenceType() && type.getContentType().getRawClass() == Secret.class);
    }

    /** {@code value} as a message may show it. */
    String shown(String value) {
        return isSecret() ? Secret.MASK : "'" + value + "'";
    }
}
