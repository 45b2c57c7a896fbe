package dev.sightline.towers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.List;

/** Prepared images as tensors. */
public final class PixelTensors {
    private PixelTensors() {}

    /**
     * Bytes of shape {@code [3, size, size]} each, to normalised floats {@code [batch, 3, size, size]}. In memory the
     * channels come last: every layer keeps that order, and convolutions need not rearrange what goes in and out.
     */
    public static NDArray normalised(NDManager manager, Preprocessing preprocessing, List<byte[]> images) {
        int size = preprocessing.inputSize();
        ByteBuffer pixels = manager.allocateDirect(images.size() * preprocessing.byteCount());
        images.forEach(pixels::put);
        pixels.rewind();
        // (c / 255 - mean) / deviation as one multiplication and one addition
        float[] scale = new float[3];
        float[] shift = new float[3];
        for (int c = 0; c < 3; c++) {
            scale[c] = 1 / (255 * preprocessing.deviation().get(c));
            shift[c] = preprocessing.mean().get(c) / preprocessing.deviation().get(c);
        }
        var perChannel = new Shape(1, 3, 1, 1);
        return channelsLast(manager.create(pixels, new Shape(images.size(), 3, size, size), DataType.UINT8))
                .toType(DataType.FLOAT32, false)
                .muli(manager.create(scale, perChannel))
                .subi(manager.create(shift, perChannel));
    }

    /** The same values and shape; only a reshape makes the engine rearrange memory. */
    private static NDArray channelsLast(NDArray planes) {
        Shape shape = planes.getShape();
        return planes.transpose(0, 2, 3, 1)
                .reshape(-1)
                .reshape(shape.get(0), shape.get(2), shape.get(3), shape.get(1))
                .transpose(0, 3, 1, 2);
    }
}
