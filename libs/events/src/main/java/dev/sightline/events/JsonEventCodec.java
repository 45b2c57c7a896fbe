package dev.sightline.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.sightline.events.RefusedEventException.Reason;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.io.IOException;
import java.net.URI;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** Events whose data is a record in JSON. */
final class JsonEventCodec<E> implements EventCodec<E> {
    private static final URI SOURCE = URI.create("/sightline");
    private static final String JSON = "application/json";

    private final List<EventType<E>> types;
    private final Function<E, String> key;

    JsonEventCodec(List<EventType<E>> types, Function<E, String> key) {
        this.types = types;
        this.key = key;
    }

    @Override
    public List<String> types() {
        return types.stream().map(EventType::versioned).toList();
    }

    @Override
    public String key(E event) {
        return key.apply(event);
    }

    @Override
    public CloudEvent encode(E event) {
        EventType<E> type = types.stream()
                .filter(candidate -> candidate.record().isInstance(event))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no event type for " + event.getClass()));
        try {
            return CloudEventBuilder.v1()
                    .withId(UUID.randomUUID().toString())
                    .withSource(SOURCE)
                    .withType(type.versioned())
                    .withSubject(key(event))
                    .withTime(OffsetDateTime.now(ZoneOffset.UTC))
                    .withData(JSON, EventCodecs.JSON.writeValueAsBytes(event))
                    .build();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot write " + event + " as JSON", e);
        }
    }

    @Override
    public E decode(CloudEvent event) {
        EventType<E> type = EventType.find(types, event.getType());
        CloudEventData data = event.getData();
        if (data == null) {
            throw new RefusedEventException(Reason.MALFORMED, "a '" + event.getType() + "' event has no data");
        }
        try {
            return EventCodecs.JSON.readValue(data.toBytes(), type.record());
        } catch (IOException | RuntimeException e) {
            throw new RefusedEventException(
                    Reason.MALFORMED,
                    "the data of a '" + event.getType() + "' event is malformed: " + e.getMessage(),
                    e);
        }
    }
}
