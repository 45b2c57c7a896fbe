package dev.sightline.trainer.lifecycle;

import dev.sightline.domain.ContentHash;
import dev.sightline.domain.Embedding;
import dev.sightline.domain.ImageId;
import dev.sightline.domain.ImageMetadata;
import dev.sightline.domain.ModelVersion;
import dev.sightline.events.BackfillFailed;
import dev.sightline.events.BackfillRequested;
import dev.sightline.events.ModelStateChanged;
import dev.sightline.events.ModelVersions;
import dev.sightline.index.Deletion;
import dev.sightline.index.IndexedImage;
import dev.sightline.index.NoSuchCollectionException;
import dev.sightline.index.VectorIndex;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Embed workers, their two topics and their reports, in memory, moved one atomic action at a time by a seeded random: each
 * sees model events late, writes to one collection after the other, reports late, joins, dies, or is expelled from its
 * group and goes on for a while. What is written follows the rules of {@code EmbedWorker}.
 */
final class SimulatedWorkers implements BackfillQueue, EmbedFleet, FailedImages {
    static final int DIMENSION = 2;
    private static final Embedding ANY = Embedding.normalised(new float[] {1, 0});

    /** An upload, or a deletion where there is no content. */
    record ImageOp(ImageId id, long offset, boolean upload) {}

    private final class Handling {
        final Worker worker;
        final ImageOp op;
        final boolean duplicate;
        List<ModelStateChanged> pinned = List.of();
        int written;

        Handling(Worker worker, ImageOp op, boolean duplicate) {
            this.worker = worker;
            this.op = op;
            this.duplicate = duplicate;
            pin();
        }

        void pin() {
            pinned = worker.view().takingWrites();
            written = 0;
        }
    }

    private final class JobRun {
        final Worker worker;
        final BackfillRequested job;
        final ModelStateChanged version;
        final boolean duplicate;

        JobRun(Worker worker, BackfillRequested job, ModelStateChanged version, boolean duplicate) {
            this.worker = worker;
            this.job = job;
            this.version = version;
            this.duplicate = duplicate;
        }
    }

    private final class Worker {
        int seen;
        int mayHandleFrom;
        boolean inGroup = true;
        Map<ModelVersion, Instant> reported = Map.of();

        ModelVersions view() {
            return log.upTo(seen);
        }

        void see() {
            seen = Math.min(seen + 1, log.events().size());
            view().takingWrites()
                    .forEach(event -> index.createCollection(event.version().collection("s"), DIMENSION));
        }
    }

    private final String badPrefix;
    private final Random random;
    private final VectorIndex index;
    private final InMemoryModelLog log;
    private final List<Worker> workers = new ArrayList<>();
    private final List<ImageOp> pending = new ArrayList<>();
    private final List<Handling> handlings = new ArrayList<>();
    private final List<BackfillRequested> jobs = new ArrayList<>();
    private final List<JobRun> jobRuns = new ArrayList<>();
    private final Map<ImageId, ImageOp> truth = new LinkedHashMap<>();
    private final Map<ModelVersion, Map<ImageId, BackfillFailed>> failed = new HashMap<>();
    private long nextOffset;

    SimulatedWorkers(Random random, VectorIndex index, InMemoryModelLog log) {
        this(random, index, log, true);
    }

    /** @param someBad whether some images can be embedded by {@code v1} only */
    SimulatedWorkers(Random random, VectorIndex index, InMemoryModelLog log, boolean someBad) {
        this.badPrefix = someBad ? "bad-" : "image-";
        this.random = random;
        this.index = index;
        this.log = log;
    }

    void join() {
        Worker worker = new Worker();
        worker.mayHandleFrom = log.events().size();
        workers.add(worker);
    }

    /** Somebody uploads or deletes one of so many images; a twentieth of them only {@code v1} can embed. */
    void client(int images) {
        var id = new ImageId((random.nextInt(20) == 0 ? badPrefix : "image-") + random.nextInt(images));
        add(new ImageOp(id, nextOffset++, random.nextInt(3) > 0));
    }

    void upload(String id) {
        add(new ImageOp(new ImageId(id), nextOffset++, true));
    }

    private void add(ImageOp op) {
        pending.add(op);
        truth.put(op.id(), op);
    }

    /** One action of one worker. */
    void act() {
        if (workers.isEmpty()) {
            return;
        }
        Worker worker = workers.get(random.nextInt(workers.size()));
        switch (random.nextInt(6)) {
            case 0 -> worker.see();
            case 1 -> report(worker);
            case 2 -> take(worker);
            case 3 -> takeJob(worker);
            case 4 -> pick(jobRuns).ifPresent(this::runJob);
            default -> pick(handlings).ifPresent(this::write);
        }
    }

    private void take(Worker worker) {
        boolean ready = worker.seen >= worker.mayHandleFrom
                && !worker.view().takingWrites().isEmpty();
        if (!ready) {
            return;
        }
        pick(pending).ifPresent(op -> {
            if (worker.inGroup) {
                pending.remove(op);
            }
            handlings.add(new Handling(worker, op, !worker.inGroup));
        });
    }

    private void write(Handling handling) {
        if (handling.written == handling.pinned.size()) {
            handlings.remove(handling);
            return;
        }
        ModelStateChanged version = handling.pinned.get(handling.written);
        String collection = version.version().collection("s");
        ImageOp op = handling.op;
        try {
            if (!op.upload()) {
                index.delete(collection, List.of(new Deletion(op.id(), op.offset())));
            } else if (canEmbed(version, op.id())) {
                index.upsert(collection, List.of(image(op.id(), op.offset())));
            } else {
                index.delete(collection, List.of(new Deletion(op.id(), op.offset())));
                fail(version, op.id());
            }
            handling.written++;
        } catch (NoSuchCollectionException e) {
            handling.worker.see();
            handling.pin();
        }
    }

    private void takeJob(Worker worker) {
        pick(jobs).ifPresent(job -> {
            Optional<ModelStateChanged> version = worker.view().find(job.version());
            if (version.isPresent()) {
                if (worker.inGroup) {
                    jobs.remove(job);
                }
                if (version.get().takesWrites()) {
                    jobRuns.add(new JobRun(worker, job, version.get(), !worker.inGroup));
                }
            }
        });
    }

    private void runJob(JobRun run) {
        jobRuns.remove(run);
        try {
            if (canEmbed(run.version, run.job.id())) {
                index.upsert(run.version.version().collection("s"), List.of(image(run.job.id(), run.job.ordering())));
            } else {
                index.delete(
                        run.version.version().collection("s"), List.of(new Deletion(run.job.id(), run.job.ordering())));
                fail(run.version, run.job.id());
            }
        } catch (NoSuchCollectionException e) {
            if (!run.duplicate) {
                jobs.add(run.job);
            }
        }
    }

    private static boolean canEmbed(ModelStateChanged version, ImageId id) {
        return version.version().value().equals("v1") || !id.value().startsWith("bad");
    }

    private void fail(ModelStateChanged version, ImageId id) {
        failed.computeIfAbsent(version.version(), any -> new LinkedHashMap<>())
                .put(
                        id,
                        new BackfillFailed(
                                id, version.version(), version.changedAt(), "NOT_EMBEDDABLE", "bad", Instant.EPOCH));
    }

    private void report(Worker worker) {
        Map<ModelVersion, Instant> writes = new HashMap<>(states(worker.view().takingWrites()));
        for (Handling handling : handlings) {
            if (handling.worker == worker) {
                writes.entrySet().retainAll(states(handling.pinned).entrySet());
            }
        }
        worker.reported = writes;
    }

    private static Map<ModelVersion, Instant> states(List<ModelStateChanged> versions) {
        Map<ModelVersion, Instant> states = new HashMap<>();
        versions.forEach(version -> states.put(version.version(), version.changedAt()));
        return states;
    }

    /** A worker leaves its group: its events come again. It may be dead, or go on without knowing for a while. */
    void lose() {
        pick(workers.stream().filter(worker -> worker.inGroup).toList()).ifPresent(lost -> {
            lost.inGroup = false;
            boolean dead = random.nextBoolean();
            handlings.stream()
                    .filter(handling -> handling.worker == lost && !handling.duplicate)
                    .toList()
                    .forEach(handling -> {
                        pending.add(handling.op);
                        handlings.remove(handling);
                        if (!dead) {
                            var goesOn = new Handling(lost, handling.op, true);
                            goesOn.pinned = handling.pinned;
                            goesOn.written = handling.written;
                            handlings.add(goesOn);
                        }
                    });
            jobRuns.stream()
                    .filter(run -> run.worker == lost && !run.duplicate)
                    .toList()
                    .forEach(run -> {
                        jobs.add(run.job);
                        jobRuns.remove(run);
                        if (!dead) {
                            jobRuns.add(new JobRun(lost, run.job, run.version, true));
                        }
                    });
            if (dead) {
                workers.remove(lost);
            }
        });
    }

    /** Expelled workers end; everybody else finishes everything. True if there was something to do. */
    boolean settle() {
        workers.removeIf(worker -> !worker.inGroup);
        if (workers.isEmpty()) {
            join();
        }
        boolean busy = !pending.isEmpty() || !handlings.isEmpty() || !jobs.isEmpty() || !jobRuns.isEmpty();
        for (Worker worker : workers) {
            while (worker.seen < log.events().size()) {
                worker.see();
            }
            while (!pending.isEmpty()) {
                take(worker);
            }
            while (!handlings.isEmpty()) {
                write(handlings.getFirst());
            }
            while (!jobs.isEmpty()) {
                takeJob(worker);
            }
            while (!jobRuns.isEmpty()) {
                runJob(jobRuns.getFirst());
            }
            report(worker);
        }
        return busy;
    }

    /** What must be searchable: the images whose last event is an upload, by the ordering of that event. */
    Map<ImageId, Long> live() {
        Map<ImageId, Long> live = new HashMap<>();
        truth.values().stream()
                .filter(op -> op.upload() && !op.id().value().startsWith("bad"))
                .forEach(op -> live.put(op.id(), op.offset()));
        return live;
    }

    /** Whether anything may still be written of an image. */
    boolean isMoving(ImageId id) {
        return pending.stream().anyMatch(op -> op.id().equals(id))
                || handlings.stream().anyMatch(handling -> handling.op.id().equals(id));
    }

    private <T> Optional<T> pick(List<T> from) {
        return from.isEmpty() ? Optional.empty() : Optional.of(from.get(random.nextInt(from.size())));
    }

    private static IndexedImage image(ImageId id, long ordering) {
        return new IndexedImage(
                id,
                ContentHash.of(id.value().getBytes(StandardCharsets.UTF_8)),
                ANY,
                ordering,
                new ImageMetadata("simulation", Instant.EPOCH, 1, 1, Map.of()),
                Instant.EPOCH);
    }

    @Override
    public void request(List<BackfillRequested> requested) {
        jobs.addAll(requested);
    }

    @Override
    public long outstanding() {
        return jobs.size() + jobRuns.stream().filter(run -> !run.duplicate).count();
    }

    @Override
    public List<String> notWriting(ModelStateChanged version) {
        return workers.stream()
                .filter(worker -> worker.inGroup)
                .filter(worker -> !version.changedAt().equals(worker.reported.get(version.version())))
                .map(worker -> "a worker that has seen " + worker.seen + " events")
                .toList();
    }

    @Override
    public Map<ImageId, String> retrying() {
        return Map.of();
    }

    @Override
    public Map<ImageId, BackfillFailed> of(ModelStateChanged version) {
        return failed.getOrDefault(version.version(), Map.of());
    }
}
