package dev.sightline.events;

import io.cloudevents.CloudEvent;
import java.util.List;

/** Events as CloudEvents 1.0 and back. Thread-safe. */
public interface EventCodec<E> {

    /** The CloudEvents types it knows, as they stand in an event: name and version. */
    List<String> types();

    /** The record key: events of one key stay in order. */
    String key(E event);

    CloudEvent encode(E event);

    /** @throws RefusedEventException if it is of a type or version this release does not know, or malformed */
    E decode(CloudEvent event);
}
