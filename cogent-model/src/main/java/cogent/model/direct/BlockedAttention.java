package cogent.model.direct;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import cogent.model.tensor.Blas;
import cogent.model.tensor.DType;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Memory;
import cogent.model.tensor.Nn;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import cogent.model.tensor.ThreadTeam;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Causal attention on the CPU in single precision, forward and back: a block of queries is multiplied with all keys up to its end, so that what
 * lies above the diagonal's blocks is never made. Each head is computed by one thread with OpenBLAS's products; libtorch's own attention keeps
 * to MKL's, which are half as fast where these are taken. Scores are computed again on the way back. Measured in docs/decisions/tensors.md.
 */
public final class BlockedAttention {
    /** Queries of a block. */
    private static final int ROWS = 64;

    /** Shorter ones are hardly any work. */
    private static final int SHORTEST = 2 * ROWS;

    private final int time;
    private final int width;
    /** Query heads that share a key head. */
    private final int shared;

    private final float scale;
    private final Heads q;
    private final Heads k;
    private final Heads v;

    private BlockedAttention(Tensor q, Tensor k, Tensor v, double scale) {
        time = (int) q.size(2);
        width = (int) q.size(3);
        shared = (int) (q.size(1) / k.size(1));
        this.scale = (float) scale;
        this.q = Heads.of(q);
        this.k = Heads.of(k);
        this.v = Heads.of(v);
    }

    /**
     * Whether it is the faster way, and one that gives every thread something to do.
     *
     * @param qkv what the heads are made of
     * @param longest tokens of a sequence
     * @param kvHeads of all sequences that are computed together
     */
    public static boolean fits(Tensor qkv, int longest, int kvHeads) {
        return Blas.isBest()
                && qkv.device().isCpu()
                && qkv.dtype() == DType.F32
                && longest >= SHORTEST
                && kvHeads >= ThreadTeam.now().threads();
    }

    /** @return what the queries see, {@code [batch, time, heads, d]}, without a graph */
    public static Tensor seen(Tensor q, Tensor k, Tensor v, double scale) {
        try (var _ = GradMode.off()) {
            Tensor seen = Tensors.empty(DType.F32, q.size(0), q.size(2), q.size(1), q.size(3));
            new BlockedAttention(q, k, v, scale).forward(seen.transpose(1, 2));
            return seen;
        }
    }

    /**
     * The gradients of queries, keys and values, in their shapes.
     *
     * @param up gradient of {@link #seen}
     */
    public static List<Tensor> backward(Tensor q, Tensor k, Tensor v, double scale, Tensor up) {
        try (var _ = GradMode.off()) {
            List<Tensor> slopes = Stream.of(q, k, v)
                    .map(x -> Tensors.empty(DType.F32, x.size(0), x.size(2), x.size(1), x.size(3))
                            .transpose(1, 2))
                    .toList();
            new BlockedAttention(q, k, v, scale).backward(up.contiguous().transpose(1, 2), slopes);
            return slopes;
        }
    }

    /** Matrices {@code [time, d]} by batch and head. */
    private record Heads(Blas.Matrix first, long batches, long heads, long ofBatch, long ofHead) {
        static Heads of(Tensor tensor) {
            return new Heads(
                    Blas.Matrix.first(tensor), tensor.size(0), tensor.size(1), tensor.stride(0), tensor.stride(1));
        }

        long count() {
            return batches * heads;
        }

        Blas.Matrix get(long index) {
            return first.at(index / heads * ofBatch + index % heads * ofHead);
        }
    }

    /** A thread's memory: for each block {@code [queries, keys up to its end]}. */
    private record Room(List<Tensor> scores, List<Tensor> chances, List<Tensor> slopes, List<Tensor> whole)
            implements AutoCloseable {
        static Room of(int time, boolean back) {
            try (Scope _ = Scope.open()) {
                List<Tensor> whole = Stream.generate(() ->
                                Tensors.empty(DType.F32, (long) ROWS * time).retained())
                        .limit(back ? 3 : 2)
                        .toList();
                return new Room(
                        blocks(whole.get(0), time),
                        blocks(whole.get(1), time),
                        back ? blocks(whole.get(2), time) : List.of(),
                        whole);
            }
        }

        private static List<Tensor> blocks(Tensor whole, int time) {
            List<Tensor> blocks = new ArrayList<>();
            for (int from = 0; from < time; from += ROWS) {
                long to = Math.min(time, from + ROWS);
                blocks.add(
                        whole.narrow(0, 0, (to - from) * to).view(to - from, to).retained());
            }
            return blocks;
        }

        @Override
        public void close() {
            Stream.of(scores, chances, slopes, whole).flatMap(List::stream).forEach(Tensor::close);
        }
    }

    private interface Work {
        void of(int index, Room room);
    }

    /** Whoever of the threads is free takes the next. */
    private void each(long count, boolean back, Work work) {
        AtomicInteger next = new AtomicInteger();
        ThreadTeam.now().run(_ -> {
            try (Room room = Room.of(time, back)) {
                for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                    work.of(i, room);
                }
            }
        });
    }

    private void forward(Tensor seen) {
        Heads y = Heads.of(seen);
        each(q.count(), false, (head, room) -> {
            for (int block = 0; block < room.scores.size(); block++) {
                int from = block * ROWS;
                Tensor p = chances(room, block, head, head / shared);
                int rows = (int) p.size(0);
                int keys = (int) p.size(1);
                Blas.multiply(
                        Blas.Matrix.first(p), v.get(head / shared), y.get(head).from(from, 0), rows, width, keys, 1, 0);
            }
        });
    }

    /** How the queries of a block share their attention out. */
    private Tensor chances(Room room, int block, long head, long kvHead) {
        Tensor scores = room.scores.get(block);
        int from = block * ROWS;
        int rows = (int) scores.size(0);
        int keys = (int) scores.size(1);
        Blas.Matrix s = Blas.Matrix.first(scores);
        Blas.multiply(q.get(head).from(from, 0), k.get(kvHead).transpose(), s, rows, keys, width, scale, 0);
        MemorySegment values = Memory.segment(scores);
        for (int row = 0; row < rows; row++) {
            for (int key = from + row + 1; key < keys; key++) {
                values.setAtIndex(JAVA_FLOAT, (long) row * keys + key, Float.NEGATIVE_INFINITY);
            }
        }
        Tensor chances = room.chances.get(block);
        Nn.softmax(scores, chances);
        return chances;
    }

    /** By key heads, whose gradients are sums over queries. */
    private void backward(Tensor gradient, List<Tensor> slopes) {
        Heads up = Heads.of(gradient);
        Heads dq = Heads.of(slopes.get(0));
        Heads dk = Heads.of(slopes.get(1));
        Heads dv = Heads.of(slopes.get(2));
        each(k.count(), true, (kvHead, room) -> {
            int blocks = room.scores.size();
            for (int i = 0; i < shared * blocks; i++) {
                int block = blocks - 1 - i % blocks; // the last one sees all keys, and begins their sums
                long head = (long) kvHead * shared + i / blocks;
                float kept = i == 0 ? 0 : 1;
                int from = block * ROWS;
                Tensor chances = chances(room, block, head, kvHead);
                int rows = (int) chances.size(0);
                int keys = (int) chances.size(1);
                Blas.Matrix p = Blas.Matrix.first(chances);
                Blas.Matrix queries = q.get(head).from(from, 0);
                Blas.Matrix above = up.get(head).from(from, 0);
                Tensor ofChances = room.scores.get(block);
                Blas.Matrix dp = Blas.Matrix.first(ofChances);
                Blas.multiply(p.transpose(), above, dv.get(kvHead), keys, width, rows, 1, kept);
                Blas.multiply(above, v.get(kvHead).transpose(), dp, rows, keys, width, 1, 0);
                Tensor ofScores = room.slopes.get(block);
                Nn.softmaxBackward(ofChances, chances, ofScores);
                Blas.Matrix ds = Blas.Matrix.first(ofScores);
                Blas.multiply(ds, k.get(kvHead), dq.get(head).from(from, 0), rows, width, keys, scale, 0);
                Blas.multiply(ds.transpose(), queries, dk.get(kvHead), keys, width, rows, scale, kept);
            }
        });
    }
}
