package dev.sightline.towers;

/**
 * What is done to pixels before the image tower sees them: the centre square is scaled to {@code inputSize}, and each
 * channel c, in 0..1, becomes {@code (c - mean) / deviation}.
 *
 * @param mirrored whether an image's embedding is that of the image and its mirror image together, which ranks better and
 *     costs two forward passes
 */
public record Preprocessing(int inputSize, float mean, float deviation, boolean mirrored) {

    public Preprocessing {
        if (inputSize < 16 || inputSize > 1024 || !(deviation > 0)) {
            throw new IllegalArgumentException(
                    "preprocessing needs an input size of 16 to 1024 and a positive deviation," + " but was given "
                            + inputSize + " and " + deviation);
        }
    }

    public Preprocessing(int inputSize) {
        this(inputSize, false);
    }

    public Preprocessing(int inputSize, boolean mirrored) {
        this(inputSize, 0.5f, 0.25f, mirrored);
    }

    /** Bytes of a prepared image: 3 × inputSize × inputSize. */
    public int byteCount() {
        return 3 * inputSize * inputSize;
    }
}
