package dev.sightline.service.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sightline.service.process.ServiceHost;
import java.net.URI;
import org.junit.jupiter.api.Test;

class HealthCheckTest {
    @Test
    void isWellWhereTheServiceSaysSo() throws InterruptedException {
        URI url;
        try (var host = new ServiceHost(0)) {
            host.start();
            url = URI.create("http://localhost:" + host.http().port());
            assertThat(HealthCheck.isWell(url.resolve("/health/live"))).isTrue();
            assertThat(HealthCheck.isWell(url.resolve("/health/started"))).isFalse();
            host.started();
            assertThat(HealthCheck.isWell(url.resolve("/health/started"))).isTrue();
        }
        assertThat(HealthCheck.isWell(url.resolve("/health/live")))
                .as("nothing listens")
                .isFalse();
    }
}
