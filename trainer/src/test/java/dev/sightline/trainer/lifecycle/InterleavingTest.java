package dev.sightline.trainer.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sightline.domain.ImageId;
import dev.sightline.domain.ModelState;
import dev.sightline.domain.ModelVersion;
import dev.sightline.events.FencedProducer.FencedException;
import dev.sightline.events.ModelStateChanged;
import dev.sightline.events.ModelVersions;
import dev.sightline.index.InMemoryVectorIndex;
import dev.sightline.index.VectorIndex;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Uploads, updates and deletions raced against backfill, cutover and rollback, with workers that see events late, die, or
 * go on after they were expelled, and coordinators that are killed between any two effects or wake up after they were
 * replaced. Every interleaving is a seed.
 */
class InterleavingTest {
    private static final int SEEDS = 600;
    private static final int ACTIONS = 1_500;
    private static final int IMAGES = 25;

    /** The process dies here. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** One seeded history. */
    private static final class History {
        final Random random;
        final ManualClock clock = new ManualClock();
        final InMemoryModelLog log = new InMemoryModelLog();
        final InMemoryVectorIndex index = new InMemoryVectorIndex();
        final SimulatedWorkers workers;
        final List<ModelLifecycle> replaced = new ArrayList<>();
        ModelLifecycle coordinator;
        int effectsToLive = Integer.MAX_VALUE;
        int checked;
        int cutovers;
        int nextVersion = 1;

        History(long seed) {
            random = new Random(seed);
            workers = new SimulatedWorkers(random, index, log);
            coordinator = newCoordinator();
        }

        private ModelLifecycle newCoordinator() {
            ModelLog writer = log.takeOver();
            ModelLog mortal = new ModelLog() {
                @Override
                public ModelVersions current() {
                    return writer.current();
                }

                @Override
                public void announce(List<ModelStateChanged> events) {
                    effect();
                    writer.announce(events);
                    effect();
                }
            };
            var settings = new LifecycleSettings(
                    "s",
                    Duration.ofMinutes(10),
                    Duration.ofMinutes(1),
                    1 + random.nextInt(6),
                    1 + random.nextInt(12),
                    1,
                    GuardLimits.DEFAULT);
            return new ModelLifecycle(
                    settings,
                    mortal,
                    mortal(VectorIndex.class, index),
                    mortal(BackfillQueue.class, workers),
                    workers,
                    workers,
                    new GuardRun((active, next) -> new CutoverGuard.Verdict(true, "fine"), Runnable::run, clock),
                    clock);
        }

        @SuppressWarnings("unchecked")
        private <T> T mortal(Class<T> port, T real) {
            return (T) Proxy.newProxyInstance(
                    port.getClassLoader(), new Class<?>[] {port}, (proxy, method, arguments) -> {
                        effect();
                        try {
                            return method.invoke(real, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        private void effect() {
            if (effectsToLive-- <= 0) {
                throw new Killed();
            }
        }

        void run() {
            workers.join();
            workers.join();
            for (int i = 0; i < ACTIONS; i++) {
                act();
                checkCutovers();
            }
            settle();
        }

        private void act() {
            switch (random.nextInt(100)) {
                case 0 -> workers.join();
                case 1 -> workers.lose();
                case 2 -> effectsToLive = random.nextInt(12);
                case 3 -> replaceCoordinator();
                case 4, 5 -> coordinate(this::newVersion);
                case 6 -> coordinate(coordinator::rollback);
                case 7 ->
                    coordinate(() ->
                            pickVersion().ifPresent(version -> coordinator.reject(version.version(), "not wanted")));
                case 8, 9 -> clock.advance(Duration.ofSeconds(random.nextInt(60)));
                case 10 -> wakeReplaced();
                default -> {
                    int kind = random.nextInt(10);
                    if (kind < 2) {
                        workers.client(IMAGES);
                    } else if (kind < 4) {
                        coordinate(() -> coordinator.step());
                    } else {
                        workers.act();
                    }
                }
            }
        }

        private void newVersion() {
            if (random.nextInt(4) == 0) {
                pickVersion().ifPresent(event -> coordinator.promote(event.version(), "again", random.nextBoolean()));
                return;
            }
            var version = new ModelVersion("v" + nextVersion++);
            coordinator.register(version, URI.create("file:///" + version), SimulatedWorkers.DIMENSION, "trained");
            coordinator.promote(version, "wanted", random.nextInt(4) == 0);
        }

        /** A version that was never given up: what an expelled worker still writes must find no second life to fall into. */
        private Optional<ModelStateChanged> pickVersion() {
            List<ModelStateChanged> versions = log.current().all().stream()
                    .filter(event -> event.state() == ModelState.CANDIDATE || event.takesWrites())
                    .toList();
            return versions.isEmpty() ? Optional.empty() : Optional.of(versions.get(random.nextInt(versions.size())));
        }

        private void coordinate(Runnable command) {
            try {
                command.run();
            } catch (RefusedTransitionException e) {
                assertThat(e).hasMessageMatching(".*\\S.*");
            } catch (Killed e) {
                effectsToLive = Integer.MAX_VALUE;
                coordinator = newCoordinator();
            }
        }

        private void replaceCoordinator() {
            replaced.add(coordinator);
            coordinator = newCoordinator();
        }

        /** It was asleep while it was replaced, and goes on where it was. */
        private void wakeReplaced() {
            if (replaced.isEmpty()) {
                return;
            }
            ModelLifecycle old = replaced.get(random.nextInt(replaced.size()));
            int before = log.events().size();
            try {
                old.step();
            } catch (FencedException | Killed | dev.sightline.index.NoSuchCollectionException e) {
                effectsToLive = Integer.MAX_VALUE;
                replaced.remove(old);
            }
            assertThat(log.events())
                    .as("a replaced coordinator changes no state")
                    .hasSize(before);
        }

        /** At the very cutover, every image of which nothing is on its way must be in the new collection, or not, as it should. */
        private void checkCutovers() {
            for (; checked < log.events().size(); checked++) {
                ModelStateChanged event = log.events().get(checked);
                if (event.state() == ModelState.ACTIVE
                                && checked == log.events().size() - 1
                        || event.state() == ModelState.ACTIVE
                                && checked == log.events().size() - 2) {
                    cutovers++;
                    Map<ImageId, Long> there = contents(event.version());
                    Map<ImageId, Long> wanted = new HashMap<>(workers.live());
                    there.keySet().removeIf(workers::isMoving);
                    wanted.keySet().removeIf(workers::isMoving);
                    assertThat(there).as("at the cutover to " + event.version()).isEqualTo(wanted);
                }
            }
        }

        private Map<ImageId, Long> contents(ModelVersion version) {
            String collection = version.collection("s");
            Map<ImageId, Long> contents = new HashMap<>();
            index.fetch(collection, index.ids(collection, Optional.empty(), 10_000))
                    .forEach((id, image) -> contents.put(id, image.ordering()));
            contents.keySet().removeIf(id -> id.value().startsWith("bad"));
            return contents;
        }

        private void settle() {
            effectsToLive = Integer.MAX_VALUE;
            if (log.current().active().isEmpty()) {
                coordinate(this::newVersion);
            }
            if (log.current().active().isEmpty()) {
                return;
            }
            for (int quiet = 0; quiet < 3; ) {
                boolean busy = workers.settle();
                busy |= coordinator.step();
                busy |= log.current().backfilling().isPresent();
                quiet = busy ? 0 : quiet + 1;
            }
            checkCutovers();
            for (ModelStateChanged event : log.current().takingWrites()) {
                assertThat(contents(event.version())).as("in the end, " + event).isEqualTo(workers.live());
            }
            assertThat(index.resolveAlias("s_active"))
                    .isEqualTo(log.current()
                            .active()
                            .map(active -> active.version().collection("s")));
        }
    }

    @Test
    void everyCollectionThatIsSearchedHoldsExactlyTheLiveImages() {
        int cutovers = IntStream.range(0, SEEDS)
                .map(seed -> {
                    var history = new History(seed);
                    try {
                        history.run();
                    } catch (AssertionError | RuntimeException e) {
                        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
                    }
                    return history.cutovers;
                })
                .sum();

        assertThat(cutovers).as("the histories get somewhere").isGreaterThan(SEEDS);
    }

    @ParameterizedTest
    @ValueSource(longs = {1_000_003})
    void aLongHistory(long seed) {
        var history = new History(seed);
        for (int i = 0; i < 5; i++) {
            history.run();
        }
        assertThat(history.cutovers).isPositive();
    }
}
