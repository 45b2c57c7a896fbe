package dev.sightline.towers;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;

/** Crops and scales pixels for the image tower; normalisation is left to the tensor. Thread-safe. */
public final class Preprocessor {
    private final Preprocessing preprocessing;

    public Preprocessor(Preprocessing preprocessing) {
        this.preprocessing = preprocessing;
    }

    /** The centre square of {@code image}, scaled: bytes 0..255 of shape {@code [3, inputSize, inputSize]}, RGB. */
    public byte[] prepare(BufferedImage image) {
        int size = preprocessing.inputSize();
        int side = Math.min(image.getWidth(), image.getHeight());
        int left = (image.getWidth() - side) / 2;
        int top = (image.getHeight() - side) / 2;
        BufferedImage source = image;
        // Halving before the last step keeps bilinear scaling from skipping pixels.
        while (side >= 2 * size) {
            int half = side / 2;
            source = scale(source, left, top, side, half);
            left = 0;
            top = 0;
            side = half;
        }
        return planes(scale(source, left, top, side, size), size);
    }

    private static BufferedImage scale(BufferedImage source, int left, int top, int side, int size) {
        var target = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = target.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
            graphics.drawImage(source, 0, 0, size, size, left, top, left + side, top + side, null);
        } finally {
            graphics.dispose();
        }
        return target;
    }

    private static byte[] planes(BufferedImage image, int size) {
        int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
        int area = size * size;
        byte[] planes = new byte[3 * area];
        for (int i = 0; i < area; i++) {
            int rgb = pixels[i];
            planes[i] = (byte) (rgb >> 16);
            planes[area + i] = (byte) (rgb >> 8);
            planes[2 * area + i] = (byte) rgb;
        }
        return planes;
    }
}
