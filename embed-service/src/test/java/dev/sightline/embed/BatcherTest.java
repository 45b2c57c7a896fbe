package dev.sightline.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatcherTest {
    @Test
    void aFullBatchLeavesAtOnceAndInOrder() throws InterruptedException {
        var batcher = new Batcher<Integer>(10, 3, Duration.ofHours(1));
        for (int i = 0; i < 6; i++) {
            batcher.add(i);
        }

        assertThat(batcher.take().items()).containsExactly(0, 1, 2);
        assertThat(batcher.take().items()).containsExactly(3, 4, 5);
    }

    @Test
    void whatThereIsLeavesAfterTheLinger() throws InterruptedException {
        var batcher = new Batcher<Integer>(10, 3, Duration.ofMillis(1));
        batcher.add(7);

        assertThat(batcher.take().items()).containsExactly(7);
    }

    @Test
    void aFullQueueHoldsBackWhoAdds() throws InterruptedException {
        var batcher = new Batcher<Integer>(2, 2, Duration.ofMillis(1));
        Thread adding = Thread.ofVirtual().start(() -> {
            for (int i = 0; i < 3; i++) {
                try {
                    batcher.add(i);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        await().until(() -> batcher.waiting() == 2 && adding.getState() == Thread.State.WAITING);
        batcher.take();

        await().until(() -> batcher.waiting() == 1);
    }

    @Test
    void neitherLosesNorDoublesNorReorders() throws InterruptedException {
        var batcher = new Batcher<Integer>(8, 5, Duration.ofMillis(1));
        Thread.ofVirtual()
                .start(() -> IntStream.range(0, 1_000).forEach(i -> {
                    try {
                        batcher.add(i);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }));
        List<Integer> taken = new ArrayList<>();
        while (taken.size() < 1_000) {
            List<Integer> batch = batcher.take().items();
            assertThat(batch).hasSizeBetween(1, 5);
            taken.addAll(batch);
        }

        assertThat(taken)
                .containsExactlyElementsOf(IntStream.range(0, 1_000).boxed().toList());
    }

    @Test
    void spareItemsTrickleWhileLiveOnesNeverEnd() throws InterruptedException {
        var batcher = new Batcher<String>(10, 4, Duration.ofMillis(1), twoEvery(Duration.ofMillis(5)));
        batcher.addSpare("spare");
        List<String> taken = new ArrayList<>();
        while (!taken.contains("spare")) {
            batcher.add("live");
            taken.addAll(batcher.take().items());
        }

        assertThat(taken).contains("live");
    }

    @Test
    void whatIsLiveGoesFirstAndAlone() throws InterruptedException {
        var batcher = new Batcher<String>(10, 4, Duration.ofMillis(1), twoEvery(Duration.ofHours(1)));
        for (String item : List.of("spare 1", "spare 2", "spare 3")) {
            batcher.addSpare(item);
        }
        batcher.add("live 1");
        batcher.add("live 2");

        assertThat(batcher.take().items()).containsExactly("live 1", "live 2");
        assertThat(batcher.take().items()).containsExactly("spare 1", "spare 2");
        batcher.add("live 3");
        assertThat(batcher.take().items()).containsExactly("live 3");
        assertThat(batcher.take().items()).containsExactly("spare 3");
    }

    /** Two at any time when nothing is live, and every so often whatever comes. */
    private static Batcher.Allowance twoEvery(Duration patience) {
        return (liveWaiting, sinceLast) -> liveWaiting && sinceLast.compareTo(patience) < 0 ? 0 : 2;
    }
}
