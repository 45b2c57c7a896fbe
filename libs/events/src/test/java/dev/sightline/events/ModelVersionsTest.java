package dev.sightline.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sightline.domain.ModelState;
import dev.sightline.domain.ModelVersion;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ModelVersionsTest {
    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

    @Test
    void theOneThatBecameActiveLastIsSearched() {
        ModelVersions versions =
                ModelVersions.NONE.with(event("v2", ModelState.ACTIVE, 1)).with(event("v1", ModelState.ACTIVE, 1));

        assertThat(versions.active().orElseThrow().version()).isEqualTo(new ModelVersion("v1"));
    }

    @Test
    void anEventOfAReplacedCoordinatorChangesNothing() {
        ModelVersions before = ModelVersions.NONE.with(event("v1", ModelState.ACTIVE, 5));
        ModelVersions after = before.with(event("v1", ModelState.RETIRED, 4));

        assertThat(after).isSameAs(before);
        assertThat(after.generation()).isEqualTo(5);
        assertThat(after.with(event("v1", ModelState.RETIRED, 6)).active()).isEmpty();
    }

    @Test
    void whatIsSearchedIsWrittenFirstAndWhatIsBeingFilledLast() {
        ModelVersions versions = ModelVersions.NONE
                .with(event("v3", ModelState.BACKFILLING, 1))
                .with(event("v2", ModelState.ACTIVE, 1))
                .with(event("v1", ModelState.ACTIVE, 1).standby(NOON, "replaced", NOON))
                .with(event("v0", ModelState.RETIRED, 1));

        assertThat(versions.takingWrites())
                .extracting(event -> event.version().value())
                .containsExactly("v2", "v1", "v3");
        assertThat(versions.standby().orElseThrow().version()).isEqualTo(new ModelVersion("v1"));
    }

    @Test
    void onlyTheReasonChangesWithoutANewTime() {
        ModelStateChanged filling = event("v1", ModelState.BACKFILLING, 1);

        assertThat(filling.to(ModelState.BACKFILLING, "held", NOON.plusSeconds(9))
                        .changedAt())
                .isEqualTo(NOON);
        assertThat(filling.to(ModelState.ACTIVE, "filled", NOON.plusSeconds(9)).changedAt())
                .isEqualTo(NOON.plusSeconds(9));
    }

    @Test
    void anEventFromBeforeThereWereWindowsIsRead() {
        var codec = EventCodecs.MODEL_EVENTS;
        String json = """
                {"version":"v1","state":"ACTIVE","bundle":"file:///v1","dimension":8,"reason":"first",
                 "changedAt":"2026-11-25T12:00:00Z"}""";
        var old = CloudEventBuilder.v1(codec.encode(event("v1", ModelState.ACTIVE, 0)))
                .withData("application/json", json.getBytes(StandardCharsets.UTF_8))
                .build();

        assertThat(codec.decode(old)).isEqualTo(event("v1", ModelState.ACTIVE, 0));
    }

    private static ModelStateChanged event(String version, ModelState state, long generation) {
        return new ModelStateChanged(
                        new ModelVersion(version),
                        state,
                        URI.create("file:///" + version),
                        8,
                        state == ModelState.ACTIVE ? "first" : "for a test",
                        NOON)
                .by(generation);
    }
}
