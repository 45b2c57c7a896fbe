package dev.sightline.events;

import dev.sightline.events.RefusedEventException.Reason;
import java.util.List;

/** An event's CloudEvents type, {@code name.v1}, and the record it is read into. */
record EventType<E>(String name, Class<? extends E> record) {
    private static final String VERSION = ".v1";

    String versioned() {
        return name + VERSION;
    }

    /** The type so named. @throws RefusedEventException if none of {@code known} is, telling a future version apart */
    static <E> EventType<E> find(List<EventType<E>> known, String versioned) {
        for (EventType<E> type : known) {
            if (type.versioned().equals(versioned)) {
                return type;
            }
            if (versioned.startsWith(type.name() + ".v")) {
                throw new RefusedEventException(
                        Reason.UNSUPPORTED_VERSION,
                        "event type '" + versioned + "' is of a version this release does not know (it knows '"
                                + type.versioned() + "'); upgrade Sightline, then replay the dead letter");
            }
        }
        throw new RefusedEventException(
                Reason.UNKNOWN_TYPE,
                "event type '" + versioned + "' is unknown here; known are "
                        + known.stream().map(EventType::versioned).toList());
    }
}
