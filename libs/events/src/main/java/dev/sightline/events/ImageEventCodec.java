package dev.sightline.events;

import dev.sightline.domain.ContentHash;
import dev.sightline.domain.ImageId;
import dev.sightline.events.RefusedEventException.Reason;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.net.URI;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Image events. An upload whose data is JSON refers to the image store; an upload whose data is of any
 * {@code image/*} media type (or {@code application/octet-stream}) is the image itself, its id the event's subject and
 * its source the event's source: what a platform finds easiest to produce.
 */
final class ImageEventCodec implements EventCodec<ImageEvent> {
    private static final EventType<ImageEvent> UPLOADED =
            new EventType<>("dev.sightline.image.uploaded", ImageUploaded.class);
    private static final EventType<ImageEvent> DELETED =
            new EventType<>("dev.sightline.image.deleted", ImageDeleted.class);

    /** An upload as JSON: {@link ImageUploaded} with its content by reference. */
    private record Reference(
            ImageId id,
            ContentHash contentHash,
            @Nullable String source,
            @Nullable Instant uploadedAt,
            @Nullable Map<String, String> tags) {}

    private final EventCodec<Reference> references = new JsonEventCodec<>(
            List.of(new EventType<>(UPLOADED.name(), Reference.class)),
            event -> event.id().value());
    private final EventCodec<ImageDeleted> deletions = new JsonEventCodec<>(
            List.of(new EventType<>(DELETED.name(), ImageDeleted.class)),
            event -> event.id().value());

    @Override
    public List<String> types() {
        return List.of(UPLOADED.versioned(), DELETED.versioned());
    }

    @Override
    public String key(ImageEvent event) {
        return event.id().value();
    }

    @Override
    public CloudEvent encode(ImageEvent event) {
        return switch (event) {
            case ImageDeleted deleted -> deletions.encode(deleted);
            case ImageUploaded(var id, ImageContent.Stored(var hash), var source, var uploadedAt, var tags) ->
                references.encode(new Reference(id, hash, source, uploadedAt, tags));
            case ImageUploaded(var id, ImageContent.Inline(var bytes), var source, var uploadedAt, var tags) ->
                CloudEventBuilder.v1()
                        .withId(UUID.randomUUID().toString())
                        .withSource(URI.create("/" + source))
                        .withType(UPLOADED.versioned())
                        .withSubject(id.value())
                        .withTime(OffsetDateTime.ofInstant(uploadedAt, ZoneOffset.UTC))
                        .withData("application/octet-stream", bytes)
                        .build();
        };
    }

    @Override
    public ImageEvent decode(CloudEvent event) {
        if (EventType.find(List.of(UPLOADED, DELETED), event.getType()).equals(DELETED)) {
            return deletions.decode(event);
        }
        return isImage(event.getDataContentType()) ? inline(event) : referred(references.decode(event));
    }

    private static boolean isImage(@Nullable String mediaType) {
        return mediaType != null && (mediaType.startsWith("image/") || mediaType.equals("application/octet-stream"));
    }

    private static ImageEvent inline(CloudEvent event) {
        String subject = event.getSubject();
        CloudEventData data = event.getData();
        if (subject == null || data == null) {
            throw new RefusedEventException(
                    Reason.MALFORMED, "an upload with the image inline needs a subject (the image id) and data");
        }
        try {
            return new ImageUploaded(
                    new ImageId(subject),
                    new ImageContent.Inline(data.toBytes()),
                    event.getSource().toString().replaceFirst("^/", ""),
                    time(event.getTime()),
                    Map.of());
        } catch (IllegalArgumentException e) {
            throw new RefusedEventException(Reason.MALFORMED, String.valueOf(e.getMessage()), e);
        }
    }

    private static ImageEvent referred(Reference reference) {
        if (reference.id() == null || reference.contentHash() == null) {
            throw new RefusedEventException(Reason.MALFORMED, "an upload needs id and contentHash");
        }
        return new ImageUploaded(
                reference.id(),
                new ImageContent.Stored(reference.contentHash()),
                reference.source() == null ? "unknown" : reference.source(),
                reference.uploadedAt() == null ? Instant.now() : reference.uploadedAt(),
                reference.tags() == null ? Map.of() : reference.tags());
    }

    private static Instant time(@Nullable OffsetDateTime time) {
        return time == null ? Instant.now() : time.toInstant();
    }
}
