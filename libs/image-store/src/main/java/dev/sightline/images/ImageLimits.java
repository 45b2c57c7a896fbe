package dev.sightline.images;

/**
 * What is accepted, checked before a pixel is decoded.
 *
 * @param maxBytes of the encoded file
 * @param maxPixels width × height
 * @param minSide of the shorter side, in pixels
 */
public record ImageLimits(int maxBytes, long maxPixels, int minSide) {
    /** 20 MiB, 50 megapixels, at least 16 pixels a side. */
    public static final ImageLimits DEFAULT = new ImageLimits(20 << 20, 50_000_000, 16);

    public ImageLimits {
        if (maxBytes < 1 || maxPixels < 1 || minSide < 1) {
            throw new IllegalArgumentException("image limits must be positive, but were " + maxBytes + " bytes, "
                    + maxPixels + " pixels, " + minSide + " pixels a side");
        }
    }
}
