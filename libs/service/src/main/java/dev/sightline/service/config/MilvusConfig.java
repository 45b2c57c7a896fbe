package dev.sightline.service.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.sightline.index.milvus.MilvusSettings;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMin;

/** How to reach Milvus. */
public record MilvusConfig(
        @JsonPropertyDescription("Address of the Milvus proxy.")
        @Pattern(regexp = "https?://\\S+", message = "http://host:port or https://host:port")
        String uri,

        @JsonPropertyDescription("`user:password` or an API key.")
        Optional<Secret> token,

        @JsonPropertyDescription("Database that holds the collections.") @NotBlank(message = "a name")
        String database,

        @JsonPropertyDescription("How long one call may take.")
        @DurationMin(millis = 1, message = "longer than nothing")
        Duration rpcDeadline,

        @JsonPropertyDescription(
                "Whether a search sees every acknowledged write; otherwise it is faster and may miss those of the last"
                        + " seconds.")
        boolean strongSearch) {
    public static final MilvusConfig DEFAULTS =
            new MilvusConfig("http://localhost:19530", Optional.empty(), "default", Duration.ofSeconds(30), false);

    MilvusSettings settings() {
        return new MilvusSettings(uri, token.map(Secret::reveal), database, rpcDeadline, strongSearch);
    }
}
