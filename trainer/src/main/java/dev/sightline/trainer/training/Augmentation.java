package dev.sightline.trainer.training;

import java.util.Locale;
import java.util.Random;

/**
 * Random variants of a prepared image that leave its labels true: mirrored, shifted, scaled, turned, brighter or darker, of
 * another tint, with a rectangle erased. Thread-safe.
 */
public final class Augmentation {
    private final int size;
    private final Strength strength;

    Augmentation(int size, Strength strength) {
        this.size = size;
        this.strength = strength;
    }

    /** How far a variant may be from its image. */
    public enum Strength {
        /** The image itself. */
        NONE(false, 0, 0, 0, 0, 0, 0, 0),
        /** Mirrored, shifted by a sixteenth, a little lighter or darker. */
        MILD(true, 1 / 16.0, 0, 0, 0.15, 25, 0, 0),
        /** Also scaled, turned and tinted, and one in four partly erased (Zhong et al., 2017, arXiv:1708.04896). */
        STRONG(true, 1 / 16.0, 0.1, 0.1, 0.2, 25, 8, 0.25);

        private final boolean mirrors;
        private final double shift;
        private final double scale;
        private final double radians;
        private final double contrast;
        private final double brightness;
        private final double tint;
        private final double erasing;

        Strength(
                boolean mirrors,
                double shift,
                double scale,
                double radians,
                double contrast,
                double brightness,
                double tint,
                double erasing) {
            this.mirrors = mirrors;
            this.shift = shift;
            this.scale = scale;
            this.radians = radians;
            this.contrast = contrast;
            this.brightness = brightness;
            this.tint = tint;
            this.erasing = erasing;
        }

        /** As it is named on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A variant of {@code [3, size, size]} bytes, in an array of its own; edges are repeated where it was moved. */
    byte[] vary(byte[] planes, Random random) {
        if (strength == Strength.NONE) {
            return planes.clone();
        }
        byte[] variant = moved(planes, random);
        recolour(variant, random);
        if (random.nextDouble() < strength.erasing) {
            erase(variant, random);
        }
        return variant;
    }

    /** Samples bilinearly at scaled, turned, mirrored and shifted places. */
    private byte[] moved(byte[] planes, Random random) {
        double scale = 1 + strength.scale * around(random);
        double angle = strength.radians * around(random);
        double mirror = strength.mirrors && random.nextBoolean() ? -1 : 1;
        double centre = (size - 1) / 2.0;
        double shiftX = Math.rint(strength.shift * size * around(random));
        double shiftY = Math.rint(strength.shift * size * around(random));
        double cos = Math.cos(angle) * scale;
        double sin = Math.sin(angle) * scale;
        int area = size * size;
        byte[] variant = new byte[planes.length];
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                double fromX = clamp(mirror * (cos * (x - centre) - sin * (y - centre)) + centre + shiftX);
                double fromY = clamp(sin * (x - centre) + cos * (y - centre) + centre + shiftY);
                int left = Math.min((int) fromX, size - 2);
                int top = Math.min((int) fromY, size - 2);
                double right = fromX - left;
                double bottom = fromY - top;
                int corner = top * size + left;
                for (int plane = 0; plane < planes.length; plane += area) {
                    int at = plane + corner;
                    double upper = (planes[at] & 0xff) * (1 - right) + (planes[at + 1] & 0xff) * right;
                    double lower = (planes[at + size] & 0xff) * (1 - right) + (planes[at + size + 1] & 0xff) * right;
                    variant[plane + y * size + x] = (byte) (int) (upper * (1 - bottom) + lower * bottom + 0.5);
                }
            }
        }
        return variant;
    }

    private void recolour(byte[] planes, Random random) {
        double contrast = 1 + strength.contrast * around(random);
        double brightness = strength.brightness * around(random);
        int area = size * size;
        for (int channel = 0; channel < 3; channel++) {
            double offset = 128 + brightness + strength.tint * around(random);
            byte[] tones = new byte[256];
            for (int i = 0; i < 256; i++) {
                tones[i] = (byte) Math.clamp(Math.round((i - 128) * contrast + offset), 0, 255);
            }
            for (int i = channel * area; i < (channel + 1) * area; i++) {
                planes[i] = tones[planes[i] & 0xff];
            }
        }
    }

    /** A rectangle of a tenth to a third of each side, in middle grey. */
    private void erase(byte[] planes, Random random) {
        int width = size / 10 + random.nextInt(size / 4);
        int height = size / 10 + random.nextInt(size / 4);
        int left = random.nextInt(size - width);
        int top = random.nextInt(size - height);
        for (int row = 0; row < 3 * size; row++) {
            int y = row % size;
            if (y >= top && y < top + height) {
                int from = row * size + left;
                java.util.Arrays.fill(planes, from, from + width, (byte) 128);
            }
        }
    }

    private double clamp(double place) {
        return Math.clamp(place, 0, size - 1);
    }

    /** Uniform in −1..1. */
    private static double around(Random random) {
        return 2 * random.nextDouble() - 1;
    }
}
