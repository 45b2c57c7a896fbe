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
 * The training images of one epoch, shuffled, augmented and grouped on a thread of its own, ahead of whoever takes them.
 * An epoch depends only on the seed and its number, so a resumed run sees the same batches.
 */
final class Batches implements AutoCloseable {
    private static final int AHEAD = 4;

    /** Images {@code [3, size, size]} bytes each, and queries scored against all of them. */
    record Batch(List<byte[]> images, QueryBatch queries) {}

    private final BlockingQueue<CompletableFuture<Batch>> ready = new ArrayBlockingQueue<>(AHEAD);
    private final Dataset dataset;
    private final PreparedImages pixels;
    private final TrainingSettings settings;
    private final List<Integer> ordinals = new ArrayList<>();
    private final Random random;
    private final Thread producer;

    Batches(Dataset dataset, PreparedImages pixels, TrainingSettings settings, int epoch) {
        this.dataset = dataset;
        this.pixels = pixels;
        this.settings = settings;
        this.random = Random.from(new SplittableRandom(settings.seed() * 1_000_003 + epoch));
        for (int i = 0; i < dataset.examples().size(); i++) {
            if (dataset.examples().get(i).split() == Split.TRAIN) {
                ordinals.add(i);
            }
        }
        this.producer = Thread.ofPlatform().daemon().name("train-batches").unstarted(this::produce);
    }

    void start() {
        producer.start();
    }

    /** How many whole batches the epoch has. */
    int count() {
        return ordinals.size() / settings.batchSize();
    }

    /** @throws java.util.concurrent.CompletionException if a batch could not be made */
    Batch take() throws InterruptedException {
        return ready.take().join();
    }

    private void produce() {
        try {
            produceBatches();
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

    private void produceBatches() throws InterruptedException {
        Collections.shuffle(ordinals, random);
        List<Label> labels = ordinals.stream()
                .map(ordinal -> dataset.examples().get(ordinal).label())
                .toList();
        var sampler = new QuerySampler(labels, dataset.schema().size(), random);
        var augmentation = new Augmentation(settings.inputSize(), random);
        for (int batch = 0; batch < count(); batch++) {
            int from = batch * settings.batchSize();
            int to = from + settings.batchSize();
            List<byte[]> images = new ArrayList<>(settings.batchSize());
            for (int i = from; i < to; i++) {
                images.add(augmentation.vary(pixels.get(ordinals.get(i))));
            }
            QueryBatch queries = sampler.sample(labels.subList(from, to), settings.queriesPerStep());
            ready.put(CompletableFuture.completedFuture(new Batch(images, queries)));
        }
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
