package dev.sightline.index.milvus;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import dev.sightline.index.IndexUnavailableException;
import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.exception.ErrorCode;
import io.milvus.v2.exception.MilvusClientException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

/** A client with a deadline on every call, retries for what may pass, and one exception for what did not. Thread-safe. */
final class MilvusConnection implements AutoCloseable {
    private static final int COLLECTION_NOT_LOADED = 101;
    private static final RetryPolicy<Object> RETRY = RetryPolicy.builder()
            .handleIf(MilvusConnection::mayPass)
            .withBackoff(Duration.ofMillis(100), Duration.ofSeconds(2))
            .withMaxAttempts(4)
            .build();

    private final String uri;
    private final MilvusClientV2 client;

    private MilvusConnection(String uri, MilvusClientV2 client) {
        this.uri = uri;
        this.client = client;
    }

    static MilvusConnection open(MilvusSettings settings) {
        var config = ConnectConfig.builder()
                .uri(settings.uri())
                .dbName(settings.database())
                .rpcDeadlineMs(settings.rpcDeadline().toMillis());
        settings.token().ifPresent(config::token);
        try {
            return new MilvusConnection(settings.uri(), new MilvusClientV2(config.build()));
        } catch (RuntimeException e) {
            throw new IndexUnavailableException(
                    "no Milvus answers at " + settings.uri() + "; check the address, that it is up, and the token", e);
        }
    }

    /** @throws IndexUnavailableException if the call failed in a way that may pass, also after some tries */
    <T> T call(String action, Function<MilvusClientV2, T> call) {
        try {
            return Failsafe.with(RETRY).get(() -> call.apply(client));
        } catch (MilvusClientException e) {
            if (mayPass(e)) {
                throw new IndexUnavailableException("cannot " + action + ": Milvus at " + uri + " does not answer", e);
            }
            throw e;
        }
    }

    void run(String action, Consumer<MilvusClientV2> call) {
        call(action, milvus -> {
            call.accept(milvus);
            return true;
        });
    }

    /** A collection that somebody creates at this moment is there a little before it is loaded. */
    private static boolean mayPass(Throwable failure) {
        return failure instanceof MilvusClientException milvus
                && (milvus.getErrorCode() == ErrorCode.RPC_ERROR
                        || milvus.getErrorCode() == ErrorCode.TIMEOUT
                        || milvus.getServerErrCode() == COLLECTION_NOT_LOADED);
    }

    @Override
    public void close() {
        client.close();
    }
}
