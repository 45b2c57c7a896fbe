package dev.sightline.index;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which images a search may return; all parts given must hold.
 *
 * @param sources any of these; empty means every source
 * @param tags each of these exactly
 * @param uploadedFrom inclusive
 * @param uploadedBefore exclusive
 */
public record MetadataFilter(
        List<String> sources,
        Map<String, String> tags,
        Optional<Instant> uploadedFrom,
        Optional<Instant> uploadedBefore) {
    /** Lets everything through. */
    public static final MetadataFilter ANY =
            new MetadataFilter(List.of(), Map.of(), Optional.empty(), Optional.empty());

    public MetadataFilter {
        sources = List.copyOf(sources);
        tags = Map.copyOf(tags);
    }
}
