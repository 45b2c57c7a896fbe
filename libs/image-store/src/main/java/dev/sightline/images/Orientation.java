package dev.sightline.images;

import com.drew.imaging.ImageMetadataReader;
import com.drew.imaging.ImageProcessingException;
import com.drew.metadata.exif.ExifDirectoryBase;
import com.drew.metadata.exif.ExifIFD0Directory;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/**
 * How a camera was held: EXIF's tag 0x0112, 1 to 8. Phones store every photo as the sensor saw it, so a portrait lies on
 * its side until turned.
 */
record Orientation(int tag) {
    private static final Orientation UPRIGHT = new Orientation(1);

    /** What the EXIF part says; upright where there is none, or none that can be read. */
    static Orientation of(byte[] bytes) {
        try {
            ExifIFD0Directory exif = ImageMetadataReader.readMetadata(new ByteArrayInputStream(bytes))
                    .getFirstDirectoryOfType(ExifIFD0Directory.class);
            Integer tag = exif == null ? null : exif.getInteger(ExifDirectoryBase.TAG_ORIENTATION);
            return tag == null || tag < 1 || tag > 8 ? UPRIGHT : new Orientation(tag);
        } catch (ImageProcessingException | IOException | RuntimeException e) {
            // The pixels may be sound all the same.
            return UPRIGHT;
        }
    }

    /** The image as it is meant to be seen. @param image of {@link BufferedImage#TYPE_INT_RGB} */
    BufferedImage upright(BufferedImage image) {
        if (equals(UPRIGHT)) {
            return image;
        }
        int width = image.getWidth();
        int height = image.getHeight();
        boolean onItsSide = tag >= 5;
        var turned =
                new BufferedImage(onItsSide ? height : width, onItsSide ? width : height, BufferedImage.TYPE_INT_RGB);
        int[] from = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
        int[] to = ((DataBufferInt) turned.getRaster().getDataBuffer()).getData();
        int i = 0;
        for (int y = 0; y < turned.getHeight(); y++) {
            for (int x = 0; x < turned.getWidth(); x++) {
                to[i++] = from[source(x, y, width, height)];
            }
        }
        return turned;
    }

    /** Where pixel (x, y) of the upright image lies in the stored one. */
    private int source(int x, int y, int width, int height) {
        int right = width - 1;
        int bottom = height - 1;
        return switch (tag) {
            case 2 -> y * width + right - x;
            case 3 -> (bottom - y) * width + right - x;
            case 4 -> (bottom - y) * width + x;
            case 5 -> x * width + y;
            case 6 -> (bottom - x) * width + y;
            case 7 -> (bottom - x) * width + right - y;
            case 8 -> x * width + right - y;
            default -> y * width + x;
        };
    }
}
