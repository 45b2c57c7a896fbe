package dev.sightline.trainer.training;

import dev.sightline.domain.Label;
import dev.sightline.trainer.dataset.Dataset;
import dev.sightline.trainer.dataset.PreparedImages;
import dev.sightline.trainer.dataset.Split;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;

/**
 * The training images of one epoch, shuffled, augmented and grouped on a thread of its own, ahead of whoever takes them. A
 * batch depends only on the seed, the epoch and its number, so a run resumed in the middle of an epoch sees the same ones.
 */
final class Batches implements AutoCloseable {
    private static final int AHEAD = 4;

    /** Images {@code [3, size, size]} bytes each, what is known of them, and the queries they are trained with. */
    record Batch(List<byte[]> images, List<Label> labels, QueryBatch queries) {}

    private final BlockingQueue<CompletableFuture<Batch>> ready = new ArrayBlockingQueue<>(AHEAD);
    private final Dataset dataset;
    private final PreparedImages pixels;
    private final TrainingSettings settings;
    private final QuerySource queries;
    private final int epoch;
    private final int first;
    private final Augmentation augmentation;
    private final List<Integer> ordinals = new ArrayList<>();
    private final Thread producer;
    private long waitingNanos;

    /** @param first the batch to start at, 0-based */
    Batches(
            Dataset dataset,
            PreparedImages pixels,
            TrainingSettings settings,
            QuerySource queries,
            int epoch,
            int first) {
        this.dataset = dataset;
        this.pixels = pixels;
        this.settings = settings;
        this.queries = queries;
        this.epoch = epoch;
        this.first = first;
        this.augmentation = new Augmentation(settings.inputSize(), settings.augmentation());
        for (int i = 0; i < dataset.examples().size(); i++) {
            if (dataset.examples().get(i).split() == Split.TRAIN) {
                ordinals.add(i);
            }
        }
        Collections.shuffle(ordinals, random(-1));
        this.producer = Thread.ofPlatform().daemon().name("train-batches").unstarted(this::produce);
    }

    void start() {
        producer.start();
    }

    /** How many whole batches the epoch has. */
    int count() {
        return ordinals.size() / settings.schedule().batchSize();
    }

    /** @throws java.util.concurrent.CompletionException if a batch could not be made */
    Batch take() throws InterruptedException {
        long start = System.nanoTime();
        try {
            return ready.take().join();
        } finally {
            waitingNanos += System.nanoTime() - start;
        }
    }

    /** How long {@link #take} has waited so far. */
    long waitingNanos() {
        return waitingNanos;
    }

    private void produce() {
        try {
            for (int i = first; i < count(); i++) {
                ready.put(CompletableFuture.completedFuture(batch(i)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void fail(RuntimeException cause) {
        try {
            ready.put(CompletableFuture.failedFuture(cause));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Batch batch(int number) {
        Random random = random(number);
        int size = settings.schedule().batchSize();
        List<byte[]> images = new ArrayList<>(size);
        List<Label> labels = new ArrayList<>(size);
        List<Integer> chosen = ordinals.subList(number * size, (number + 1) * size);
        List<byte[]> originals = chosen.parallelStream().map(pixels::get).toList();
        for (int i = 0; i < size; i++) {
            images.add(augmentation.vary(originals.get(i), random));
            labels.add(dataset.examples().get(chosen.get(i)).label());
        }
        return new Batch(images, labels, queries.sample(labels, random));
    }

    private Random random(int batch) {
        long epochSeed = settings.schedule().seed() * 1_000_003 + epoch;
        return Random.from(new SplittableRandom(epochSeed * 1_000_003 + batch));
    }

    @Override
    public void close() {
        producer.interrupt();
        try {
            producer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
