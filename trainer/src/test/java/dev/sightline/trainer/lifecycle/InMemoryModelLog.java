package dev.sightline.trainer.lifecycle;

import dev.sightline.events.FencedProducer.FencedException;
import dev.sightline.events.ModelStateChanged;
import dev.sightline.events.ModelVersions;
import java.util.ArrayList;
import java.util.List;

/** {@code model-events} in memory: only the writer that took over last may write. One thread at a time. */
final class InMemoryModelLog {
    private final List<ModelStateChanged> events = new ArrayList<>();
    private final List<ModelVersions> views = new ArrayList<>(List.of(ModelVersions.NONE));
    private long generation;

    List<ModelStateChanged> events() {
        return events;
    }

    /** What somebody knows who has seen so many events. */
    ModelVersions upTo(int position) {
        return views.get(position);
    }

    ModelVersions current() {
        return upTo(events.size());
    }

    /** A new writer; all before it are fenced. */
    ModelLog takeOver() {
        long own = ++generation;
        return new ModelLog() {
            private ModelVersions versions = InMemoryModelLog.this.current();

            @Override
            public ModelVersions current() {
                return versions;
            }

            @Override
            public void announce(List<ModelStateChanged> said) {
                if (own != generation) {
                    throw new FencedException("model-events", new IllegalStateException("fenced"));
                }
                for (ModelStateChanged event : said) {
                    events.add(event.by(own));
                    views.add(views.getLast().with(event.by(own)));
                    versions = versions.with(event.by(own));
                }
            }
        };
    }
}
