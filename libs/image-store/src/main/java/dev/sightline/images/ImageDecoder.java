package dev.sightline.images;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Turns bytes into pixels, refusing what is over the limits or not whole. Thread-safe. */
public final class ImageDecoder {
    private final ImageInspector inspector;

    public ImageDecoder(ImageLimits limits) {
        this.inspector = new ImageInspector(limits);
    }

    /**
     * Decodes to opaque sRGB, {@link BufferedImage#TYPE_INT_RGB}, turned as EXIF says; transparent pixels become white.
     *
     * @throws RefusedImageException if the bytes are no whole JPEG, PNG or WebP within the limits
     */
    public BufferedImage decode(byte[] bytes) throws RefusedImageException {
        ImageFormat format = inspector.inspect(bytes).format();
        try (ImageInputStream input = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            ImageReader reader = ImageReaders.open(format, input);
            try {
                return Orientation.of(bytes).upright(opaque(readWhole(reader)));
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException e) {
            throw ImageReaders.corrupt(format, e);
        }
    }

    /** A truncated JPEG is only a warning to its reader, which fills the rest with grey: here it is an error. */
    private static BufferedImage readWhole(ImageReader reader) throws IOException {
        List<String> truncations = new ArrayList<>();
        IIOReadWarningListener listener = (source, warning) -> {
            if (warning.contains("Premature end") || warning.contains("Truncated") || warning.contains("truncated")) {
                truncations.add(warning);
            }
        };
        reader.addIIOReadWarningListener(listener);
        BufferedImage image = reader.read(0);
        if (!truncations.isEmpty()) {
            throw new IOException(truncations.getFirst());
        }
        return image;
    }

    private static BufferedImage opaque(BufferedImage image) {
        if (image.getType() == BufferedImage.TYPE_INT_RGB) {
            return image;
        }
        var rgb = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = rgb.createGraphics();
        try {
            graphics.drawImage(image, 0, 0, Color.WHITE, null);
        } finally {
            graphics.dispose();
        }
        return rgb;
    }
}
