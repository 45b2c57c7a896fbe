package dev.sightline.index.milvus;

import dev.sightline.domain.ImageId;
import dev.sightline.index.MetadataFilter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which rows are meant, as Milvus's boolean expressions say it. */
final class RowFilter {
    static final String ALL = "";
    static final String LIVE = ImageRow.LIVE + " == true";

    private RowFilter() {}

    /** Live images with such metadata. */
    static String matching(MetadataFilter filter) {
        List<String> parts = new ArrayList<>();
        parts.add(LIVE);
        if (!filter.sources().isEmpty()) {
            parts.add(filter.sources().stream()
                    .map(ImageRow::quoted)
                    .collect(Collectors.joining(", ", ImageRow.SOURCE + " in [", "]")));
        }
        filter.tags()
                .forEach((key, value) ->
                        parts.add(ImageRow.TAGS + "[" + ImageRow.quoted(key) + "] == " + ImageRow.quoted(value)));
        filter.uploadedFrom()
                .map(Instant::toEpochMilli)
                .ifPresent(from -> parts.add(ImageRow.UPLOADED_AT + " >= " + from));
        filter.uploadedBefore()
                .map(Instant::toEpochMilli)
                .ifPresent(before -> parts.add(ImageRow.UPLOADED_AT + " < " + before));
        return String.join(" and ", parts);
    }

    static String in(Collection<ImageId> ids) {
        return ids.stream()
                .map(id -> ImageRow.quoted(id.value()))
                .collect(Collectors.joining(", ", ImageRow.ID + " in [", "]"));
    }

    static String live(Collection<ImageId> ids) {
        return LIVE + " and " + in(ids);
    }

    /** Of the rows of {@code filter}, those whose key is greater. */
    static String after(Optional<ImageId> id, String filter) {
        return id.map(last -> ImageRow.ID + " > " + ImageRow.quoted(last.value()))
                .map(greater -> filter.equals(ALL) ? greater : filter + " and " + greater)
                .orElse(filter);
    }
}
