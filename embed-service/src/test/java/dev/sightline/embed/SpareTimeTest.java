package dev.sightline.embed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SpareTimeTest {
    private static final long PASS = SpareTime.PASS.toNanos();

    private final SpareTime spare = new SpareTime(8, 4);

    @Test
    void beginsWithOneImage() {
        assertThat(idle()).isEqualTo(1);
    }

    @Test
    void takesWhatAPassCanEmbedInItsTime() {
        observe(1, PASS / 4);
        assertThat(idle()).isBetween(3, 4);
        observe(4, 4 * PASS);
        assertThat(idle()).isEqualTo(1);
    }

    @Test
    void takesNoMoreThanTheMostAndNoLessThanOne() {
        observe(8, PASS / 100);
        assertThat(idle()).isEqualTo(8);
        observe(1, 100 * PASS);
        assertThat(idle()).isEqualTo(1);
    }

    @Test
    void aLargerPassSaysNothing() {
        observe(32, PASS / 100);
        assertThat(idle()).isEqualTo(1);
    }

    @Test
    void waitsForLiveImagesButNotForEver() {
        spare.enter();
        assertThat(idle()).isPositive();
        spare.enter();
        assertThat(idle()).isZero();
        assertThat(spare.items(false, SpareTime.PATIENCE)).isPositive();
        assertThat(spare.items(true, SpareTime.PATIENCE)).isZero();
        assertThat(spare.items(true, SpareTime.PATIENCE_IN_LINE)).isPositive();
        spare.leave();
        assertThat(idle()).isPositive();
    }

    @Test
    void whoAwaitsSpareTimeGetsItInTheEnd() throws InterruptedException {
        spare.enter();
        spare.enter();
        spare.await();
        spare.leave();
        spare.await();
        assertThat(idle()).isPositive();
    }

    /** Allowed at once when no live image waits for a pass. */
    private int idle() {
        return spare.items(false, Duration.ZERO);
    }

    private void observe(int images, long nanos) {
        for (int i = 0; i < 100; i++) {
            spare.observe(images, nanos);
        }
    }
}
