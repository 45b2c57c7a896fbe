package dev.sightline.trainer.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sightline.domain.ImageId;
import dev.sightline.domain.ModelState;
import dev.sightline.domain.ModelVersion;
import dev.sightline.events.FencedProducer.FencedException;
import dev.sightline.events.ModelStateChanged;
import dev.sightline.index.InMemoryVectorIndex;
import dev.sightline.index.VectorIndex;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ModelLifecycleTest {
    private static final ModelVersion V1 = new ModelVersion("v1");
    private static final ModelVersion V2 = new ModelVersion("v2");
    private static final ModelVersion V3 = new ModelVersion("v3");
    private static final Duration WINDOW = Duration.ofHours(24);
    private static final Duration GRACE = Duration.ofMinutes(1);

    private final ManualClock clock = new ManualClock();
    private final InMemoryModelLog log = new InMemoryModelLog();
    private final InMemoryVectorIndex index = new InMemoryVectorIndex();
    private final SimulatedWorkers workers = new SimulatedWorkers(new Random(1), index, log, false);
    private final AtomicReference<CutoverGuard.Verdict> verdict =
            new AtomicReference<>(new CutoverGuard.Verdict(true, "alike"));
    private double tolerance = 0;
    private ModelLifecycle lifecycle;

    @BeforeEach
    void start() {
        lifecycle = coordinator(index);
        workers.join();
    }

    private ModelLifecycle coordinator(VectorIndex through) {
        return coordinator(log.takeOver(), through, workers);
    }

    private ModelLifecycle coordinator(ModelLog writer, VectorIndex through, BackfillQueue queue) {
        return new ModelLifecycle(
                new LifecycleSettings("s", WINDOW, GRACE, 7, 20, tolerance, GuardLimits.DEFAULT),
                writer,
                through,
                queue,
                workers,
                workers,
                new GuardRun((active, next) -> verdict.get(), Runnable::run, clock),
                clock);
    }

    @Test
    void theFirstVersionIsActiveAtOnce() {
        publish(V1);

        assertThat(state(V1)).isEqualTo(ModelState.ACTIVE);
        assertThat(index.resolveAlias("s_active")).contains("s_v1");
    }

    @Test
    void aLaterVersionIsActiveWhenItHoldsEveryImage() {
        activeWithImages();

        register(V2);
        lifecycle.promote(V2, "wanted", false);
        assertThat(state(V2)).isEqualTo(ModelState.BACKFILLING);
        assertThat(active()).isEqualTo(V1);
        settle();

        assertThat(active()).isEqualTo(V2);
        assertThat(ids("s_v2")).isEqualTo(workers.live().keySet()).hasSizeGreaterThan(30);
        assertThat(log.current().standby().orElseThrow().rollbackUntil())
                .contains(clock.instant().plus(WINDOW));
    }

    @Test
    void noJobIsSentBeforeEveryWorkerWritesBoth() {
        activeWithImages();
        register(V2);
        lifecycle.promote(V2, "wanted", false);
        for (int i = 0; i < 10; i++) {
            lifecycle.step();
        }

        assertThat(workers.outstanding()).isZero();
        BackfillProgress progress = lifecycle.progress().orElseThrow();
        assertThat(progress.phase()).isEqualTo(BackfillProgress.Phase.SETTLING);
        assertThat(progress.waitingFor()).hasSize(1).first().asString().contains("a worker");
    }

    @Test
    void neverMoreJobsAreOutstandingThanAllowed() {
        activeWithImages();
        register(V2);
        lifecycle.promote(V2, "wanted", false);
        workers.settle();
        while (lifecycle.step()) {
            assertThat(workers.outstanding()).isLessThan(20 + 7);
        }

        assertThat(workers.outstanding()).isGreaterThanOrEqualTo(20);
        assertThat(lifecycle.progress().orElseThrow().outstanding()).isEqualTo(workers.outstanding());
    }

    @Test
    void aRollbackNeedsNoJobAndCanBeTakenBack() {
        replaced();
        workers.client(60);
        settle();

        assertThat(lifecycle.rollback()).isEqualTo(V1);
        assertThat(active()).isEqualTo(V1);
        assertThat(workers.outstanding()).isZero();
        assertThat(index.resolveAlias("s_active")).contains("s_v1");
        settle();
        assertThat(ids("s_v1")).isEqualTo(workers.live().keySet());

        assertThat(lifecycle.rollback()).isEqualTo(V2);
        assertThat(active()).isEqualTo(V2);
    }

    @Test
    void whenItsWindowIsOverAVersionTakesNoWritesAndGoes() {
        replaced();
        clock.advance(WINDOW.plusSeconds(1));

        assertThatThrownBy(lifecycle::rollback)
                .isInstanceOf(RefusedTransitionException.class)
                .hasMessageContaining("window to roll back to v1 ended at");
        lifecycle.step();
        assertThat(log.current().takingWrites()).hasSize(1);
        assertThat(index.collections()).as("searches may still be on their way").contains("s_v1");
        assertThatThrownBy(lifecycle::rollback)
                .isInstanceOf(RefusedTransitionException.class)
                .hasMessageContaining("nothing to roll back to");

        clock.advance(GRACE.plusSeconds(1));
        lifecycle.step();
        assertThat(index.collections()).containsExactly("s_v2");
    }

    @Test
    void aReplacementEndsTheWindowOfTheOneBefore() {
        replaced();
        publish(V3);

        assertThat(log.current().takingWrites())
                .extracting(ModelStateChanged::version)
                .containsExactly(V3, V2);
        assertThat(log.current().standby().orElseThrow().version()).isEqualTo(V2);
    }

    @Test
    void aRetiredVersionIsEmbeddedAnewWhenItIsPromotedAgain() {
        replaced();
        clock.advance(WINDOW.plusSeconds(1));
        lifecycle.step();
        workers.client(60);
        workers.client(60);

        lifecycle.promote(V1, "again", false);
        settle();

        assertThat(active()).isEqualTo(V1);
        assertThat(ids("s_v1")).isEqualTo(workers.live().keySet());
    }

    @Test
    void theGuardHoldsAndForceGoesOver() {
        activeWithImages();
        verdict.set(new CutoverGuard.Verdict(false, "held: overlap@10 is 0.01"));
        publish(V2);

        assertThat(active()).isEqualTo(V1);
        assertThat(log.current().find(V2).orElseThrow().reason()).isEqualTo("held: overlap@10 is 0.01");
        assertThat(lifecycle.progress().orElseThrow().phase()).isEqualTo(BackfillProgress.Phase.HELD);
        int written = log.events().size();
        lifecycle.step();
        assertThat(log.events()).as("it says so once").hasSize(written);

        lifecycle.promote(V2, "promoted with force", true);
        settle();
        assertThat(active()).isEqualTo(V2);
    }

    @Test
    void moreFailuresThanToleratedHoldTheCutoverAndSayWhich() {
        activeWithImages();
        workers.upload("bad-1");
        settle();
        publish(V2);

        BackfillProgress progress = lifecycle.progress().orElseThrow();
        assertThat(active()).isEqualTo(V1);
        assertThat(progress.phase()).isEqualTo(BackfillProgress.Phase.STUCK);
        assertThat(progress.failures().get(new ImageId("bad-1"))).contains("NOT_EMBEDDABLE");
        assertThat(progress.why("")).contains("1 images failed, 0 are tolerated", "bad-1");

        lifecycle.promote(V2, "promoted with force", true);
        settle();
        assertThat(active()).isEqualTo(V2);
    }

    @Test
    void toleratedFailuresDoNotHoldTheCutover() {
        tolerance = 0.1;
        lifecycle = coordinator(index);
        activeWithImages();
        workers.upload("bad-1");
        settle();
        publish(V2);

        assertThat(active()).isEqualTo(V2);
        assertThat(ids("s_v2")).doesNotContain(new ImageId("bad-1"));
    }

    @Test
    void aRejectedBackfillLeavesNothingBehind() {
        activeWithImages();
        register(V2);
        lifecycle.promote(V2, "wanted", false);
        workers.settle();
        lifecycle.step();
        lifecycle.reject(V2, "worse on held-out images");
        clock.advance(GRACE.plusSeconds(1));
        settle();

        assertThat(state(V2)).isEqualTo(ModelState.REJECTED);
        assertThat(index.collections()).containsExactly("s_v1");
        assertThat(lifecycle.progress()).isEmpty();
    }

    @Test
    void refusesWhatCannotBeAndSaysWhy() {
        activeWithImages();
        register(V2);
        register(V3);
        lifecycle.promote(V2, "wanted", false);

        assertThatThrownBy(() -> lifecycle.promote(V1, "", false)).hasMessageContaining("v1 is active already");
        assertThatThrownBy(() -> lifecycle.promote(V3, "", false)).hasMessageContaining("v2 is being backfilled");
        assertThatThrownBy(() -> lifecycle.promote(new ModelVersion("v9"), "", false))
                .hasMessageContaining("no version 'v9' is known; there are [v1, v2, v3]");
        assertThatThrownBy(() -> lifecycle.reject(V1, "")).hasMessageContaining("roll back");
        assertThatThrownBy(lifecycle::rollback).hasMessageContaining("nothing to roll back to");
    }

    @Test
    void aCoordinatorThatWakesUpAfterItWasReplacedChangesNothing() {
        replaced();
        ModelLifecycle asleep = lifecycle;
        lifecycle = coordinator(index);
        lifecycle.rollback();
        List<ModelStateChanged> before = List.copyOf(log.events());
        clock.advance(WINDOW.plus(GRACE).plusSeconds(1));

        assertThatThrownBy(asleep::step).isInstanceOf(FencedException.class);
        assertThatThrownBy(asleep::rollback).isInstanceOfAny(FencedException.class, RefusedTransitionException.class);
        assertThat(log.events()).isEqualTo(before);
        assertThat(index.collections()).containsExactlyInAnyOrder("s_v1", "s_v2");
    }

    /** The process dies before its {@code n}th effect, for every n until it lives through it all. */
    @Test
    void whereverACoordinatorIsKilledTheNextOneFinishes() {
        int deaths = 0;
        boolean died = true;
        for (int n = 0; died; n++) {
            var world = new ModelLifecycleTest();
            world.start();
            world.activeWithImages();
            world.register(V2);
            died = world.dieAfter(n);
            deaths += died ? 1 : 0;
            world.lifecycle = world.coordinator(world.index);
            if (world.log.current().backfilling().isEmpty() && !world.active().equals(V2)) {
                world.lifecycle.promote(V2, "again", false);
            }
            world.settle();

            assertThat(world.active()).as("killed after %d effects", n).isEqualTo(V2);
            assertThat(world.ids("s_v2")).isEqualTo(world.workers.live().keySet());
            assertThat(world.index.resolveAlias("s_active")).contains("s_v2");
        }
        assertThat(deaths).isGreaterThan(30);
    }

    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private boolean dieAfter(int effects) {
        int[] left = {effects};
        lifecycle = coordinator(
                mortal(ModelLog.class, log.takeOver(), left),
                mortal(VectorIndex.class, index, left),
                mortal(BackfillQueue.class, workers, left));
        try {
            lifecycle.promote(V2, "wanted", false);
            settle();
            return false;
        } catch (Killed e) {
            return true;
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> T mortal(Class<T> port, T real, int[] effectsLeft) {
        return (T) Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[] {port}, (proxy, method, arguments) -> {
            if (effectsLeft[0]-- <= 0) {
                throw new Killed();
            }
            try {
                return method.invoke(real, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }

    private void activeWithImages() {
        publish(V1);
        for (int i = 0; i < 150; i++) {
            workers.client(60);
        }
        settle();
    }

    private void replaced() {
        activeWithImages();
        publish(V2);
        assertThat(active()).isEqualTo(V2);
    }

    private void publish(ModelVersion version) {
        register(version);
        lifecycle.promote(version, "wanted", false);
        settle();
    }

    private void register(ModelVersion version) {
        lifecycle.register(version, URI.create("file:///" + version), SimulatedWorkers.DIMENSION, "trained");
    }

    /** Workers and coordinator go on until neither has anything to do. */
    private void settle() {
        for (int quiet = 0; quiet < 3; quiet++) {
            boolean busy = workers.settle();
            while (lifecycle.step()) {
                busy = true;
            }
            quiet = busy ? -1 : quiet;
        }
    }

    private ModelState state(ModelVersion version) {
        return log.current().find(version).orElseThrow().state();
    }

    private ModelVersion active() {
        return log.current().active().orElseThrow().version();
    }

    private Set<ImageId> ids(String collection) {
        return new HashSet<>(index.ids(collection, Optional.empty(), 10_000));
    }
}
