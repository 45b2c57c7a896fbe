package dev.sightline.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sightline.domain.AttributeQuery;
import dev.sightline.domain.ContentHash;
import dev.sightline.domain.ImageId;
import dev.sightline.domain.ModelState;
import dev.sightline.domain.ModelVersion;
import dev.sightline.events.RefusedEventException.Reason;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotBlank;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class EventCodecsTest {
    private static final Instant NOW = Instant.parse("2026-11-24T14:00:00Z");

    @Property(tries = 200)
    void anUploadByReferenceRoundTrips(
            @ForAll @NotBlank @StringLength(min = 1, max = 60) String text, @ForAll byte[] content) {
        String printable = text.codePoints()
                .filter(c -> !Character.isISOControl(c) && Character.isDefined(c) && (c < 0xd800 || c > 0xdfff))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        ImageEvent event = new ImageUploaded(
                new ImageId("x" + printable),
                new ImageContent.Stored(ContentHash.of(content)),
                "http",
                NOW,
                Map.of("album", printable));

        assertThat(EventCodecs.IMAGE_EVENTS.decode(EventCodecs.IMAGE_EVENTS.encode(event)))
                .isEqualTo(event);
    }

    @Test
    void anInlineUploadKeepsItsBytes() {
        byte[] bytes = {1, 2, 3};
        ImageEvent event =
                new ImageUploaded(new ImageId("a"), new ImageContent.Inline(bytes), "platform", NOW, Map.of());

        assertThat(EventCodecs.IMAGE_EVENTS.decode(EventCodecs.IMAGE_EVENTS.encode(event)))
                .isInstanceOfSatisfying(ImageUploaded.class, decoded -> {
                    assertThat(decoded.id()).isEqualTo(event.id());
                    assertThat(decoded.source()).isEqualTo("platform");
                    assertThat(decoded.uploadedAt()).isEqualTo(NOW);
                    assertThat(decoded.content())
                            .isInstanceOfSatisfying(
                                    ImageContent.Inline.class,
                                    inline -> assertThat(inline.bytes()).isEqualTo(bytes));
                });
    }

    @Test
    void everyOtherEventRoundTrips() {
        var id = new ImageId("写真");
        var model = new ModelVersion("v1");
        var labelled = new ImageLabelled(id, Map.of("Male", true, "Bald", false), "people", NOW);
        var state = new ModelStateChanged(model, ModelState.ACTIVE, URI.create("file:///models/v1"), 256, "first", NOW);
        IndexEvent indexed = new IndexEvent.ImageIndexed(id, model, NOW, NOW);
        IndexEvent failed = new IndexEvent.ImageFailed(id, "CORRUPT", "truncated", NOW);

        assertThat(EventCodecs.IMAGE_LABELS.decode(EventCodecs.IMAGE_LABELS.encode(labelled)))
                .isEqualTo(labelled);
        assertThat(EventCodecs.MODEL_EVENTS.decode(EventCodecs.MODEL_EVENTS.encode(state)))
                .isEqualTo(state);
        assertThat(EventCodecs.INDEX_EVENTS.decode(EventCodecs.INDEX_EVENTS.encode(indexed)))
                .isEqualTo(indexed);
        assertThat(EventCodecs.INDEX_EVENTS.decode(EventCodecs.INDEX_EVENTS.encode(failed)))
                .isEqualTo(failed);

        var standby = state.standby(NOW.plusSeconds(60), "replaced", NOW).by(7).unguarded(true);
        var unfit = new BackfillFailed(id, model, NOW, "NOT_EMBEDDABLE", "not finite", NOW);
        var report = new WorkerReported(
                "w1", Map.of(model, NOW), Map.of(model, "gone"), List.of(new WorkerReported.Retrying(id, "away")), NOW);
        var asked = new QuerySampled(AttributeQuery.of(List.of("Male", "Smiling"), List.of("Bald")), NOW);
        assertThat(EventCodecs.MODEL_EVENTS.decode(EventCodecs.MODEL_EVENTS.encode(standby)))
                .isEqualTo(standby);
        assertThat(EventCodecs.BACKFILL_FAILURES.decode(EventCodecs.BACKFILL_FAILURES.encode(unfit)))
                .isEqualTo(unfit);
        assertThat(EventCodecs.EMBED_WORKERS.decode(EventCodecs.EMBED_WORKERS.encode(report)))
                .isEqualTo(report);
        assertThat(EventCodecs.SEARCH_QUERIES.decode(EventCodecs.SEARCH_QUERIES.encode(asked)))
                .isEqualTo(asked);
    }

    @Test
    void tellsAFutureVersionFromAnUnknownType() {
        assertThatThrownBy(() -> decode("dev.sightline.image.uploaded.v2"))
                .isInstanceOfSatisfying(
                        RefusedEventException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.UNSUPPORTED_VERSION))
                .hasMessageContaining("upgrade Sightline");
        assertThatThrownBy(() -> decode("com.example.other"))
                .isInstanceOfSatisfying(
                        RefusedEventException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.UNKNOWN_TYPE));
    }

    private static void decode(String type) {
        EventCodecs.IMAGE_EVENTS.decode(CloudEventBuilder.v1()
                .withId("1")
                .withSource(URI.create("/test"))
                .withType(type)
                .withData("application/json", new byte[] {'{', '}'})
                .build());
    }
}
