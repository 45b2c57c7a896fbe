package dev.sightline.images;

/**
 * Whether a file goes on to its end, told by its container alone: no pixel is decoded. A file that is whole may still be
 * damaged; one that is cut off never passes.
 */
final class Completeness {
    private static final int PNG_SIGNATURE_LENGTH = 8;
    private static final int PNG_CHUNK_OVERHEAD = 12;
    private static final int RIFF_HEADER_LENGTH = 8;

    private Completeness() {}

    static boolean isWhole(ImageFormat format, byte[] bytes) {
        return switch (format) {
            case JPEG -> hasEndOfImage(bytes);
            case PNG -> hasEndChunk(bytes);
            case WEBP -> RIFF_HEADER_LENGTH + littleEndian(bytes, 4) <= bytes.length;
        };
    }

    /**
     * Steps over segments to the first scan and looks for the end marker behind it: thumbnails inside EXIF segments have
     * end markers of their own, and entropy-coded data never holds one.
     */
    private static boolean hasEndOfImage(byte[] bytes) {
        int at = 2;
        while (at + 4 <= bytes.length) {
            if (bytes[at] != (byte) 0xff) {
                return false;
            }
            int marker = bytes[at + 1] & 0xff;
            if (marker == 0xff) {
                at++; // a fill byte
            } else if (marker == 0xda) {
                return hasMarker(bytes, at + 4, 0xd9);
            } else {
                at += 2 + ((bytes[at + 2] & 0xff) << 8 | bytes[at + 3] & 0xff);
            }
        }
        return false;
    }

    private static boolean hasMarker(byte[] bytes, int from, int marker) {
        for (int i = bytes.length - 2; i >= from; i--) {
            if (bytes[i] == (byte) 0xff && bytes[i + 1] == (byte) marker) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasEndChunk(byte[] bytes) {
        long at = PNG_SIGNATURE_LENGTH;
        while (at + PNG_CHUNK_OVERHEAD <= bytes.length) {
            int chunk = (int) at;
            if (bytes[chunk + 4] == 'I'
                    && bytes[chunk + 5] == 'E'
                    && bytes[chunk + 6] == 'N'
                    && bytes[chunk + 7] == 'D') {
                return true;
            }
            at += PNG_CHUNK_OVERHEAD + bigEndian(bytes, chunk);
        }
        return false;
    }

    private static long bigEndian(byte[] bytes, int at) {
        return (bytes[at] & 0xffL) << 24
                | (bytes[at + 1] & 0xffL) << 16
                | (bytes[at + 2] & 0xffL) << 8
                | bytes[at + 3] & 0xffL;
    }

    private static long littleEndian(byte[] bytes, int at) {
        return (bytes[at + 3] & 0xffL) << 24
                | (bytes[at + 2] & 0xffL) << 16
                | (bytes[at + 1] & 0xffL) << 8
                | bytes[at] & 0xffL;
    }
}
