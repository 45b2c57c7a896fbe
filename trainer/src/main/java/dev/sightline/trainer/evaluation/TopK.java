package dev.sightline.trainer.evaluation;

import java.util.Arrays;
import java.util.BitSet;

/** The best of a row of scores without sorting the row. */
public final class TopK {
    private TopK() {}

    /**
     * The ordinals of the {@code k} highest scores among {@code eligible}, best first; of equal scores the lower ordinal
     * comes first. Fewer than {@code k} if fewer are eligible.
     */
    public static int[] of(float[] scores, BitSet eligible, int k) {
        int[] best = new int[k];
        int count = 0;
        for (int i = eligible.nextSetBit(0); i >= 0 && i < scores.length; i = eligible.nextSetBit(i + 1)) {
            if (count == k && !(scores[i] > scores[best[k - 1]])) {
                continue;
            }
            int place = count < k ? count++ : k - 1;
            while (place > 0 && scores[i] > scores[best[place - 1]]) {
                best[place] = best[place - 1];
                place--;
            }
            best[place] = i;
        }
        return count == k ? best : Arrays.copyOf(best, count);
    }
}
