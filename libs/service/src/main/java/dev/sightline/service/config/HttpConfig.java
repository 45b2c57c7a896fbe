package dev.sightline.service.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/** Where a service answers HTTP: its API if it has one, health and metrics. */
public record HttpConfig(
        @JsonPropertyDescription("Port of the API, `/health/*` and `/metrics`; 0 takes any free one.")
        @Min(value = 0, message = "0 to 65535")
        @Max(value = 65_535, message = "0 to 65535")
        int port) {}
