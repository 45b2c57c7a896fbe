package dev.sightline.images;

import dev.sightline.images.RefusedImageException.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads an image's header, holds it against the limits and sees that the file goes on to its end, decoding no pixel: a
 * 40,000 × 40,000 header costs nothing. Thread-safe.
 */
public final class ImageInspector {
    private final ImageLimits limits;

    public ImageInspector(ImageLimits limits) {
        this.limits = limits;
    }

    /** @throws RefusedImageException if the bytes are no JPEG, PNG or WebP within the limits */
    public ImageInfo inspect(byte[] bytes) throws RefusedImageException {
        if (bytes.length == 0) {
            throw new RefusedImageException(Reason.EMPTY, "the image is empty");
        }
        if (bytes.length > limits.maxBytes()) {
            throw new RefusedImageException(
                    Reason.TOO_MANY_BYTES,
                    "the image has " + bytes.length + " bytes; the limit is " + limits.maxBytes());
        }
        ImageFormat format = ImageFormat.sniff(bytes)
                .orElseThrow(() -> new RefusedImageException(
                        Reason.UNSUPPORTED_FORMAT,
                        "the content is not a JPEG, PNG or WebP image, whatever its name or content type says"));
        ImageInfo info = readHeader(bytes, format);
        if ((long) info.width() * info.height() > limits.maxPixels()) {
            throw new RefusedImageException(
                    Reason.TOO_MANY_PIXELS,
                    "the image has " + info.width() + " × " + info.height() + " pixels; the limit is "
                            + limits.maxPixels() + " in all");
        }
        if (Math.min(info.width(), info.height()) < limits.minSide()) {
            throw new RefusedImageException(
                    Reason.TOO_SMALL,
                    "the image has " + info.width() + " × " + info.height() + " pixels; each side needs "
                            + limits.minSide());
        }
        if (!Completeness.isWhole(format, bytes)) {
            throw ImageReaders.corrupt(format, new IOException("it ends before the image does"));
        }
        return info;
    }

    private static ImageInfo readHeader(byte[] bytes, ImageFormat format) throws RefusedImageException {
        try (ImageInputStream input = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            ImageReader reader = ImageReaders.open(format, input);
            try {
                return new ImageInfo(format, reader.getWidth(0), reader.getHeight(0));
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException e) {
            throw ImageReaders.corrupt(format, e);
        }
    }
}
