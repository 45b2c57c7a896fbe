package dev.sightline.trainer.training;

import ai.djl.ndarray.NDArray;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Element-wise work over lists of float tensors in the CPU's memory, in one pass and on all cores. Tensor operations would
 * each read and write all of it again, and what an optimiser costs on a CPU is memory traffic.
 */
final class HostTensors {
    /** Elements a core works on at a time. */
    private static final long PIECE = 1 << 16;

    private HostTensors() {}

    private record Piece(int place, long from, long to) {}

    /** What is done to the elements from..to of the tensors that stand at one place of each list. */
    interface Work {
        void over(int place, MemorySegment[] tensors, long from, long to);
    }

    /** Whether all lie in the CPU's memory in order, so that what is written into their buffers is written into them. */
    static boolean canHold(List<NDArray> tensors) {
        return tensors.stream().allMatch(tensor -> !tensor.getDevice().isGpu() && isInOrder(tensor));
    }

    /** For one that is not, the engine copies it into order each time its buffer is asked for. */
    private static boolean isInOrder(NDArray tensor) {
        long address = memory(tensor).address();
        return memory(tensor).address() == address;
    }

    private static MemorySegment memory(NDArray tensor) {
        return MemorySegment.ofBuffer(tensor.toByteBuffer(true));
    }

    /** @param lists of tensors it {@linkplain #canHold can hold}, those at one place of the same size; what the work writes into them stays */
    @SafeVarargs
    static void forEach(Work work, List<NDArray>... lists) {
        MemorySegment[][] memory = new MemorySegment[lists[0].size()][lists.length];
        List<Piece> pieces = new ArrayList<>();
        for (int place = 0; place < memory.length; place++) {
            for (int list = 0; list < lists.length; list++) {
                memory[place][list] = memory(lists[list].get(place));
            }
            long size = lists[0].get(place).size();
            for (long from = 0; from < size; from += PIECE) {
                pieces.add(new Piece(place, from, Math.min(size, from + PIECE)));
            }
        }
        pieces.parallelStream().forEach(piece -> work.over(piece.place, memory[piece.place], piece.from, piece.to));
    }
}
