package dev.sightline.trainer.retraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetrainingScheduleTest {
    private static final Instant TRAINED = Instant.parse("2026-11-24T03:10:00Z");

    @Test
    void isOffUnlessToldOtherwise() {
        assertThat(RetrainingSchedule.of(Optional.empty(), 0).isOn()).isFalse();
        assertThat(RetrainingSchedule.of(Optional.empty(), 0)
                        .due(Instant.MAX.minusSeconds(1), Instant.EPOCH, 1_000_000))
                .isEmpty();
    }

    @Test
    void isDueWhenTheClockPassesTheNextTimeAfterTheLastTraining() {
        var nightly = RetrainingSchedule.of(Optional.of("0 3 * * *"), 0);

        assertThat(nightly.due(Instant.parse("2026-11-25T02:59:59Z"), TRAINED, 50))
                .isEmpty();
        assertThat(nightly.due(Instant.parse("2026-11-25T03:00:00Z"), TRAINED, 0))
                .contains("scheduled for 2026-11-25T03:00:00Z");
    }

    @Test
    void aTimeMissedWhileStoppedIsMadeUpForOnce() {
        var nightly = RetrainingSchedule.of(Optional.of("0 3 * * *"), 0);
        Instant days = Instant.parse("2026-11-28T12:00:00Z");

        assertThat(nightly.due(days, TRAINED, 0)).isPresent();
        assertThat(nightly.due(days.plusSeconds(60), days, 0)).isEmpty();
    }

    @Test
    void isDueWhenEnoughWasSaid() {
        var byLabels = RetrainingSchedule.of(Optional.empty(), 100);

        assertThat(byLabels.due(TRAINED, TRAINED, 99)).isEmpty();
        assertThat(byLabels.due(TRAINED, TRAINED, 100)).contains("100 new labels");
    }

    @Test
    void refusesWhatIsNotCron() {
        assertThatThrownBy(() -> RetrainingSchedule.of(Optional.of("nightly"), 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
