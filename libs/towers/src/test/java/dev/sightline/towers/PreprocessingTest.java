package dev.sightline.towers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PreprocessingTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void normalisesEachChannelByItsOwnMeanAndDeviation() {
        Preprocessing preprocessing = new Preprocessing(16).normalisedAsImageNet();
        byte[] white = new byte[preprocessing.byteCount()];
        Arrays.fill(white, (byte) 255);
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            float[] values = PixelTensors.normalised(manager, preprocessing, List.of(white))
                    .toFloatArray();

            assertThat(values[0]).isCloseTo((1 - 0.485f) / 0.229f, within(1e-5f));
            assertThat(values[16 * 16]).isCloseTo((1 - 0.456f) / 0.224f, within(1e-5f));
            assertThat(values[2 * 16 * 16]).isCloseTo((1 - 0.406f) / 0.225f, within(1e-5f));
        }
    }

    @Test
    void readsTheOneMeanOfEarlierBundles() throws IOException {
        String earlier = "{\"inputSize\":32,\"mean\":0.5,\"deviation\":0.25,\"mirrored\":true}";

        assertThat(JSON.readValue(earlier, Preprocessing.class)).isEqualTo(new Preprocessing(32, true));
    }

    @Test
    void survivesAManifest() throws IOException {
        Preprocessing preprocessing = new Preprocessing(32).normalisedAsImageNet();

        assertThat(JSON.readValue(JSON.writeValueAsString(preprocessing), Preprocessing.class))
                .isEqualTo(preprocessing);
    }

    @Test
    void refusesTwoMeansForThreeChannels() {
        assertThatThrownBy(() -> new Preprocessing(32, List.of(0.5f, 0.5f), List.of(0.25f), false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("red, green and blue");
    }
}
