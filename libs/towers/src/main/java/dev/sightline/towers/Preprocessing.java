package dev.sightline.towers;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.util.Collections;
import java.util.List;

/**
 * What is done to pixels before the image tower sees them: the centre square is scaled to {@code inputSize}, and each
 * channel c, in 0..1, becomes {@code (c - mean) / deviation}.
 *
 * @param mean of red, green and blue; one number stands for all three
 * @param deviation likewise
 * @param mirrored whether an image's embedding is that of the image and its mirror image together, which ranks better and
 *     costs two forward passes
 */
public record Preprocessing(
        int inputSize,

        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        List<Float> mean,

        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        List<Float> deviation,

        boolean mirrored) {
    private static final int CHANNELS = 3;

    public Preprocessing {
        mean = perChannel(mean);
        deviation = perChannel(deviation);
        if (inputSize < 16 || inputSize > 1024 || Collections.min(deviation) <= 0) {
            throw new IllegalArgumentException(
                    "preprocessing needs an input size of 16 to 1024 and a positive deviation," + " but was given "
                            + inputSize + " and " + deviation);
        }
    }

    public Preprocessing(int inputSize) {
        this(inputSize, false);
    }

    public Preprocessing(int inputSize, boolean mirrored) {
        this(inputSize, List.of(0.5f), List.of(0.25f), mirrored);
    }

    private static List<Float> perChannel(List<Float> values) {
        if (values.size() != 1 && values.size() != CHANNELS) {
            throw new IllegalArgumentException("preprocessing needs one mean and deviation, or one for each of red,"
                    + " green and blue, but was given " + values);
        }
        return values.size() == 1 ? Collections.nCopies(CHANNELS, values.getFirst()) : List.copyOf(values);
    }

    /** With the means and deviations of ImageNet, which networks pretrained on it expect. */
    public Preprocessing normalisedAsImageNet() {
        return new Preprocessing(inputSize, List.of(0.485f, 0.456f, 0.406f), List.of(0.229f, 0.224f, 0.225f), mirrored);
    }

    /** Bytes of a prepared image: 3 × inputSize × inputSize. */
    public int byteCount() {
        return CHANNELS * inputSize * inputSize;
    }
}
