package dev.sightline.images;

import dev.sightline.images.RefusedImageException.Reason;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** ImageIO's readers, by format. */
final class ImageReaders {
    static {
        // Without this, ImageIO spools every image through a temporary file.
        ImageIO.setUseCache(false);
    }

    private ImageReaders() {}

    static ImageReader open(ImageFormat format, ImageInputStream input) {
        ImageReader reader =
                ImageIO.getImageReadersByFormatName(format.readerName()).next();
        reader.setInput(input, true, true);
        return reader;
    }

    static RefusedImageException corrupt(ImageFormat format, Exception cause) {
        String detail = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new RefusedImageException(
                Reason.CORRUPT, "the " + format + " image is truncated or damaged: " + detail, cause);
    }
}
