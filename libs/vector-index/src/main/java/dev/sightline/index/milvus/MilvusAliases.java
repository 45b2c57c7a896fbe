package dev.sightline.index.milvus;

import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.service.collection.request.HasCollectionReq;
import io.milvus.v2.service.utility.request.AlterAliasReq;
import io.milvus.v2.service.utility.request.CreateAliasReq;
import io.milvus.v2.service.utility.request.DescribeAliasReq;
import io.milvus.v2.service.utility.request.DropAliasReq;
import io.milvus.v2.service.utility.request.ListAliasesReq;
import java.util.Optional;

/** Second names of collections. Thread-safe. */
record MilvusAliases(MilvusConnection connection) {

    /** Makes the alias, or moves it. */
    void point(String alias, String collection) {
        boolean moves = resolve(alias).isPresent();
        connection.run("point alias '" + alias + "' at '" + collection + "'", client -> {
            if (moves) {
                client.alterAlias(AlterAliasReq.builder()
                        .alias(alias)
                        .collectionName(collection)
                        .build());
            } else {
                client.createAlias(CreateAliasReq.builder()
                        .alias(alias)
                        .collectionName(collection)
                        .build());
            }
        });
    }

    Optional<String> resolve(String alias) {
        return isKnown(alias)
                ? Optional.of(connection.call(
                        "resolve alias '" + alias + "'",
                        client -> client.describeAlias(
                                        DescribeAliasReq.builder().alias(alias).build())
                                .getCollectionName()))
                : Optional.empty();
    }

    /** Milvus answers a question about an unknown alias with an error like any other, so only known ones are asked about. */
    private boolean isKnown(String alias) {
        return connection.call(
                "look for alias '" + alias + "'",
                client -> client.hasCollection(
                                HasCollectionReq.builder().collectionName(alias).build())
                        && !client.listCollections().getCollectionNames().contains(alias));
    }

    static void dropAll(MilvusClientV2 client, String collection) {
        for (String alias : client.listAliases(
                        ListAliasesReq.builder().collectionName(collection).build())
                .getAlias()) {
            client.dropAlias(DropAliasReq.builder().alias(alias).build());
        }
    }
}
