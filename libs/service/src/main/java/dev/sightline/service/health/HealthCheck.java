package dev.sightline.service.health;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/**
 * Asks a service's health URL and exits with 0 if it is well, 1 if not: a container's health check where there is neither
 * curl nor a shell. Takes the path, {@code /health/started}; the port is {@code SIGHTLINE_HTTP_PORT}.
 */
public final class HealthCheck {
    private static final int TIMEOUT_MILLIS = 3_000;

    private HealthCheck() {}

    /** Asks once. */
    public static void main(String[] arguments) {
        String path = arguments.length > 0 ? arguments[0] : "/health/started";
        String port = System.getenv().getOrDefault("SIGHTLINE_HTTP_PORT", "8080");
        System.exit(isWell(URI.create("http://localhost:" + port + path)) ? 0 : 1);
    }

    static boolean isWell(URI url) {
        try {
            var connection = (HttpURLConnection) url.toURL().openConnection();
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            int status = connection.getResponseCode();
            System.out.println(url + " answers " + status);
            return status == HttpURLConnection.HTTP_OK;
        } catch (IOException e) {
            System.out.println(url + " does not answer: " + e.getMessage());
            return false;
        }
    }
}
