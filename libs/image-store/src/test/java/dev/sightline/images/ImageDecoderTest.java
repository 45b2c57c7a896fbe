package dev.sightline.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sightline.images.RefusedImageException.Reason;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
    private static final byte[] WEBP =
            Base64.getDecoder().decode("UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAwA0JaQAA3AA/vuUAAA=");

    private final ImageDecoder decoder = new ImageDecoder(new ImageLimits(1_000_000, 1_000_000, 1));

    @ParameterizedTest
    @ValueSource(strings = {"jpeg", "png"})
    void decodesToOpaqueRgb(String format) throws RefusedImageException {
        BufferedImage image = decoder.decode(Pictures.encoded(format, 60, 40));

        assertThat(image.getWidth()).isEqualTo(60);
        assertThat(image.getHeight()).isEqualTo(40);
        assertThat(image.getType()).isEqualTo(BufferedImage.TYPE_INT_RGB);
    }

    @Test
    void decodesWebp() throws RefusedImageException {
        assertThat(decoder.decode(WEBP).getWidth()).isEqualTo(1);
    }

    /** Where the stored top left corner comes to lie, by EXIF 2.32, table 6: right of the middle, below it. */
    @ParameterizedTest
    @CsvSource({
        "1, false, false", "2, true, false", "3, true, true", "4, false, true",
        "5, false, false", "6, true, false", "7, true, true", "8, false, true"
    })
    void turnsAPhotoAsTheCameraWasHeld(int orientation, boolean right, boolean below) throws RefusedImageException {
        BufferedImage image = decoder.decode(Pictures.oriented(orientation));

        assertThat(image.getWidth()).isEqualTo(orientation < 5 ? 64 : 32);
        assertThat(image.getHeight()).isEqualTo(orientation < 5 ? 32 : 64);
        int x = right ? image.getWidth() - 5 : 4;
        int y = below ? image.getHeight() - 5 : 4;
        var corner = new Color(image.getRGB(x, y));
        assertThat(corner.getRed()).isGreaterThan(200);
        assertThat(corner.getBlue()).isLessThan(60);
    }

    @Test
    void refusesAnEmptyImage() {
        assertRefused(Reason.EMPTY, () -> decoder.decode(new byte[0]), "empty");
    }

    @Test
    void refusesATextFileWhateverItIsNamed() {
        byte[] text = "certainly a .jpg".getBytes(StandardCharsets.UTF_8);

        assertRefused(Reason.UNSUPPORTED_FORMAT, () -> decoder.decode(text), "not a JPEG, PNG or WebP");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpeg", "png"})
    void refusesATruncatedImage(String format) {
        byte[] whole = Pictures.encoded(format, 300, 200);
        byte[] half = Arrays.copyOf(whole, whole.length / 2);

        assertRefused(Reason.CORRUPT, () -> decoder.decode(half), "truncated or damaged");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpeg", "png"})
    void seesWithoutDecodingThatAnImageIsCutOff(String format) {
        var inspector = new ImageInspector(new ImageLimits(1_000_000, 1_000_000, 1));
        byte[] whole = Pictures.encoded(format, 300, 200);

        for (int length = whole.length - 1; length > whole.length - 40; length--) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertRefused(Reason.CORRUPT, () -> inspector.inspect(cut), "truncated or damaged");
        }
    }

    @Test
    void seesThatAWebpIsCutOff() {
        assertRefused(Reason.CORRUPT, () -> decoder.decode(Arrays.copyOf(WEBP, WEBP.length - 1)), "truncated");
    }

    @Test
    void refusesAHugeImageByItsHeaderAlone() {
        byte[] header = Pictures.pngHeader(40_000, 40_000);

        assertRefused(Reason.TOO_MANY_PIXELS, () -> decoder.decode(header), "40000 × 40000");
    }

    @Test
    void refusesTooManyBytesBeforeLookingAtThem() {
        assertRefused(Reason.TOO_MANY_BYTES, () -> decoder.decode(new byte[1_000_001]), "1000000");
    }

    @Test
    void refusesAnImageWithTooShortASide() {
        var strict = new ImageDecoder(new ImageLimits(1_000_000, 1_000_000, 32));

        assertRefused(Reason.TOO_SMALL, () -> strict.decode(Pictures.encoded("png", 400, 20)), "400 × 20");
    }

    private static void assertRefused(Reason reason, ThrowingCallable decoding, String message) {
        assertThatThrownBy(decoding)
                .isInstanceOfSatisfying(
                        RefusedImageException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason))
                .hasMessageContaining(message);
    }
}
