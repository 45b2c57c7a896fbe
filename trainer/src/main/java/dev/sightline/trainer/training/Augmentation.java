package dev.sightline.trainer.training;

import java.util.Random;

/** Random variants of a prepared image that leave its labels true: mirrored, shifted, brighter or darker. */
final class Augmentation {
    private final int size;
    private final int maxShift;
    private final Random random;

    Augmentation(int size, Random random) {
        this.size = size;
        this.maxShift = Math.max(1, size / 16);
        this.random = random;
    }

    /** A variant of {@code [3, size, size]} bytes, in an array of its own; edges are repeated where it was shifted. */
    byte[] vary(byte[] planes) {
        boolean mirror = random.nextBoolean();
        int dx = random.nextInt(2 * maxShift + 1) - maxShift;
        int dy = random.nextInt(2 * maxShift + 1) - maxShift;
        byte[] tones = tones();
        byte[] variant = new byte[planes.length];
        int[] columns = new int[size];
        for (int x = 0; x < size; x++) {
            int from = Math.clamp(x + dx, 0, size - 1);
            columns[x] = mirror ? size - 1 - from : from;
        }
        for (int channel = 0; channel < 3; channel++) {
            for (int y = 0; y < size; y++) {
                int row = (channel * size + Math.clamp(y + dy, 0, size - 1)) * size;
                int target = (channel * size + y) * size;
                for (int x = 0; x < size; x++) {
                    variant[target + x] = tones[planes[row + columns[x]] & 0xff];
                }
            }
        }
        return variant;
    }

    /** Brightness ±10% of full scale, contrast ±15%. */
    private byte[] tones() {
        double contrast = 1 + 0.15 * (2 * random.nextDouble() - 1);
        double brightness = 25 * (2 * random.nextDouble() - 1);
        byte[] tones = new byte[256];
        for (int i = 0; i < 256; i++) {
            tones[i] = (byte) Math.clamp(Math.round((i - 128) * contrast + 128 + brightness), 0, 255);
        }
        return tones;
    }
}
