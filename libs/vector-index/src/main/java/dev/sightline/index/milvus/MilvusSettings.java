package dev.sightline.index.milvus;

import java.time.Duration;
import java.util.Optional;

/**
 * How to reach Milvus and what to ask of it.
 *
 * @param uri {@code http://host:port} or {@code https://…}
 * @param token {@code user:password} or an API key
 * @param rpcDeadline how long one call may take
 * @param strongSearch whether searches see every acknowledged write; otherwise those of the last few seconds may be missing
 *     and searches are faster
 */
public record MilvusSettings(
        String uri, Optional<String> token, String database, Duration rpcDeadline, boolean strongSearch) {

    public MilvusSettings(String uri) {
        this(uri, Optional.empty(), "default", Duration.ofSeconds(30), false);
    }

    public MilvusSettings withStrongSearch() {
        return new MilvusSettings(uri, token, database, rpcDeadline, true);
    }

    @Override
    public String toString() {
        return "MilvusSettings[uri=" + uri + ", token=" + (token.isPresent() ? "****" : "none") + ", database="
                + database + ", rpcDeadline=" + rpcDeadline + ", strongSearch=" + strongSearch + "]";
    }
}
