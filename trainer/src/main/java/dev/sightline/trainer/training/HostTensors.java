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

    private final List<Piece> pieces = new ArrayList<>();

    /** @param like as many tensors, each of as many elements, as there will be in every list */
    HostTensors(List<NDArray> like) {
        for (int i = 0; i < like.size(); i++) {
            long size = like.get(i).size();
            for (long from = 0; from < size; from += PIECE) {
                pieces.add(new Piece(i, from, Math.min(size, from + PIECE)));
            }
        }
    }

    private record Piece(int tensor, long from, long to) {}

    /** What is done to the elements from..to of the tensors that stand at one place of each list. */
    interface Work {
        void over(int place, MemorySegment[] tensors, long from, long to);
    }

    /** @param lists contiguous tensors; what the work writes into them stays */
    @SafeVarargs
    final void forEach(Work work, List<NDArray>... lists) {
        MemorySegment[][] memory = new MemorySegment[lists[0].size()][lists.length];
        for (int place = 0; place < memory.length; place++) {
            for (int list = 0; list < lists.length; list++) {
                memory[place][list] = MemorySegment.ofBuffer(lists[list].get(place).toByteBuffer(true));
            }
        }
        pieces.parallelStream().forEach(piece -> work.over(piece.tensor, memory[piece.tensor], piece.from, piece.to));
    }
}
