package dev.sightline.service.config;

import java.util.List;

/** The configuration cannot be used. Carries every mistake, each with its key, its value and what is allowed. */
public final class InvalidConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> mistakes;

    InvalidConfigurationException(String service, List<String> mistakes) {
        super("the configuration of " + service + " has "
                + (mistakes.size() == 1 ? "a mistake" : mistakes.size() + " mistakes") + ":\n  "
                + String.join("\n  ", mistakes));
        this.mistakes = List.copyOf(mistakes);
    }

    public List<String> mistakes() {
        return mistakes;
    }
}
