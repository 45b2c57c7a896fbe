package dev.sightline.standalone.demo;

import dev.sightline.trainer.training.TrainingProgress;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** A bar for decoding, then one for training; each appears when its work begins. Thread-safe. */
final class TrainingBars implements TrainingProgress, AutoCloseable {
    private final int images;
    private @Nullable ProgressBar decoding;
    private @Nullable ProgressBar training;

    TrainingBars(int images) {
        this.images = images;
    }

    synchronized void decoded(int done) {
        if (decoding == null) {
            decoding = new ProgressBar("Decoding", images);
        }
        // Told by several threads, so not always in order.
        decoding.stepTo(Math.max(done, decoding.getCurrent()));
    }

    @Override
    public synchronized void step(long done, long total, double loss) {
        if (training == null) {
            close();
            training = new ProgressBarBuilder()
                    .setTaskName("Training")
                    .setInitialMax(total)
                    .setUpdateIntervalMillis(500)
                    .build();
        }
        training.stepTo(done);
    }

    @Override
    public synchronized void epoch(Epoch epoch) {
        if (training != null) {
            training.setExtraMessage(" precision@10 %.3f, %.0f images/s, %.1f%% waiting"
                    .formatted(epoch.validation(), epoch.imagesPerSecond(), 100 * epoch.waiting()));
        }
    }

    @Override
    public synchronized void close() {
        if (decoding != null) {
            decoding.close();
            decoding = null;
        }
        if (training != null) {
            training.close();
            training = null;
        }
    }
}
