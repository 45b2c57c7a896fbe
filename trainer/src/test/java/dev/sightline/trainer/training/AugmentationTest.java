package dev.sightline.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AugmentationTest {
    private static final int SIZE = 32;

    @Test
    void noneLeavesTheImageAsItIs() {
        byte[] image = image();

        assertThat(new Augmentation(SIZE, Augmentation.Strength.NONE).vary(image, new Random(1)))
                .isEqualTo(image)
                .isNotSameAs(image);
    }

    @ParameterizedTest
    @EnumSource(names = {"MILD", "STRONG"})
    void theSameRandomnessGivesTheSameVariantAndLeavesTheImageAlone(Augmentation.Strength strength) {
        var augmentation = new Augmentation(SIZE, strength);
        byte[] image = image();

        byte[] one = augmentation.vary(image, new Random(7));
        byte[] other = augmentation.vary(image, new Random(7));

        assertThat(one).isEqualTo(other).isNotEqualTo(image);
        assertThat(image).isEqualTo(image());
        assertThat(augmentation.vary(image, new Random(8))).isNotEqualTo(one);
    }

    @ParameterizedTest
    @EnumSource(names = {"MILD", "STRONG"})
    void whatIsSeenStaysInSight(Augmentation.Strength strength) {
        byte[] image = new byte[3 * SIZE * SIZE];
        int centre = SIZE / 2;
        for (int plane = 0; plane < 3; plane++) {
            for (int y = centre - 4; y < centre + 4; y++) {
                for (int x = centre - 4; x < centre + 4; x++) {
                    image[(plane * SIZE + y) * SIZE + x] = (byte) 255;
                }
            }
        }
        var augmentation = new Augmentation(SIZE, strength);
        int seen = 0;
        for (int seed = 0; seed < 200; seed++) {
            byte[] variant = augmentation.vary(image, new Random(seed));
            int bright = 0;
            for (int i = 0; i < SIZE * SIZE; i++) {
                bright += (variant[i] & 0xff) > 180 ? 1 : 0;
            }
            seen += bright > 20 ? 1 : 0;
        }
        assertThat(seen).as("of 200; some are erased").isGreaterThan(180);
    }

    private static byte[] image() {
        byte[] image = new byte[3 * SIZE * SIZE];
        new Random(3).nextBytes(image);
        return image;
    }
}
