package dev.sightline.service.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.sightline.index.VectorIndex;
import dev.sightline.index.lucene.LuceneVectorIndex;
import dev.sightline.index.milvus.MilvusVectorIndex;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;

/** Which vector index, and where it is. */
public record IndexConfig(
        @JsonPropertyDescription(
                "Services in processes of their own meet in `milvus`; `lucene` serves one process only.")
        Type type,

        @JsonPropertyDescription(
                "Before the model version in every collection's name, and before `_active` in the alias.")
        @Pattern(regexp = "[A-Za-z_]\\w{0,99}", message = "letters, digits and _, not beginning with a digit")
        String collectionPrefix,

        @Valid LuceneConfig lucene,
        @Valid MilvusConfig milvus) {
    public static final IndexConfig DEFAULTS =
            new IndexConfig(Type.MILVUS, "sightline", LuceneConfig.DEFAULTS, MilvusConfig.DEFAULTS);

    /** What holds the vectors. */
    public enum Type {
        LUCENE,
        MILVUS
    }

    /** The embedded index. */
    public record LuceneConfig(
            @JsonPropertyDescription("Folder of the embedded index; one process at a time may have it open.")
            Path directory) {
        static final LuceneConfig DEFAULTS = new LuceneConfig(Path.of(".sightline/index"));
    }

    IndexConfig embedded(Path directory) {
        return new IndexConfig(Type.LUCENE, collectionPrefix, new LuceneConfig(directory), milvus);
    }

    /**
     * Opens the index.
     *
     * @throws dev.sightline.index.IndexUnavailableException if it may answer later
     * @throws IllegalStateException if another process has it
     */
    public VectorIndex open() {
        return switch (type) {
            case LUCENE -> LuceneVectorIndex.open(lucene.directory());
            case MILVUS -> MilvusVectorIndex.connect(milvus.settings());
        };
    }

    /** For logs: which index, where. */
    public String describe() {
        return switch (type) {
            case LUCENE -> "the index in " + lucene.directory();
            case MILVUS -> "Milvus at " + milvus.uri();
        };
    }
}
