package cogent.model.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sequences of different lengths that lie end to end, for causal attention by one kernel that is told where each begins:
 * FlashAttention (Dao, arXiv 2307.08691) in half precision, memory-efficient attention (Rabe and Staats, arXiv 2112.05682) in
 * single precision. Neither plans anew for a new length, pads, or holds scores of every pair of tokens. On a CPU, which has no
 * such kernels, the sequences are computed one by one.
 */
public final class Varlen {
    private static final BoxedOperator FLASH = BoxedOperator.named("aten::_flash_attention_forward", "");
    private static final BoxedOperator MEMORY_EFFICIENT = BoxedOperator.named("aten::_efficient_attention_forward", "");

    /** What the kernels call the mask by which the last query sees all keys. */
    private static final long CAUSAL_FROM_BOTTOM_RIGHT = 2;

    /** The largest head of FlashAttention. */
    private static final long WIDEST = 256;

    private final int[] queries;
    private final int[] keys;
    private final Tensor queryStarts;
    private final Tensor keyStarts;

    /**
     * In the open scope.
     *
     * @param queries of each sequence, at least 1
     * @param keys of each sequence, at least as many; its queries are the last of its positions
     */
    public Varlen(int[] queries, int[] keys, Device device) {
        this.queries = queries.clone();
        this.keys = keys.clone();
        queryStarts = starts(queries, device);
        keyStarts = starts(keys, device);
    }

    private static Tensor starts(int[] lengths, Device device) {
        long[] starts = new long[lengths.length + 1];
        for (int i = 0; i < lengths.length; i++) {
            starts[i + 1] = starts[i] + lengths[i];
        }
        return Tensors.of(starts, starts.length).to(device, DType.I32);
    }

    /**
     * Whether a device has kernels for such heads: else padded attention is faster. Not for windows in single precision: the gradient
     * of memory-efficient attention is wrong with one (libtorch 2.10, seen on an H200).
     */
    public static boolean suits(Device device, DType dtype, int headDim, boolean windowed) {
        return !device.isCpu() && headDim % 8 == 0 && headDim <= WIDEST && !(windowed && dtype == DType.F32);
    }

    /**
     * Attention within each sequence; differentiable.
     *
     * @param q {@code [all queries, heads, d]}
     * @param k {@code [all keys, kvHeads, d]}; every heads/kvHeads query heads share a key head
     * @param v as k
     * @param window how many positions up to its own a query sees; any number from the longest sequence on is all. See
     *     {@link #suits}
     * @param scale factor on the products of queries and keys
     * @return {@code [all queries, heads, d]}
     */
    public Tensor attention(Tensor q, Tensor k, Tensor v, int window, double scale) {
        if (q.device().isCpu()) {
            return oneByOne(q, k, v, window, scale);
        }
        boolean all = window >= longest(keys);
        if (q.dtype() == DType.F32) {
            long group = q.size(1) / k.size(1);
            Tensor seen = MEMORY_EFFICIENT.tensor(
                    q.unsqueeze(0),
                    repeated(k, group),
                    repeated(v, group),
                    BoxedOperator.NONE,
                    queryStarts,
                    keyStarts,
                    longest(queries),
                    longest(keys),
                    0.0,
                    CAUSAL_FROM_BOTTOM_RIGHT,
                    true,
                    scale,
                    BoxedOperator.NONE,
                    BoxedOperator.NONE);
            return seen.squeeze(0);
        }
        Object left = all ? BoxedOperator.NONE : (Object) (window - 1L);
        Object right = all ? BoxedOperator.NONE : (Object) 0L;
        return FLASH.tensor(
                q,
                k,
                v,
                queryStarts,
                keyStarts,
                longest(queries),
                longest(keys),
                0.0,
                true,
                false,
                scale,
                left,
                right,
                BoxedOperator.NONE,
                BoxedOperator.NONE);
    }

    private static long longest(int[] lengths) {
        return IntStream.of(lengths).max().orElseThrow();
    }

    /** Every head as often as query heads share it, {@code [1, keys, heads, d]}. */
    private static Tensor repeated(Tensor heads, long times) {
        long rows = heads.size(0);
        long d = heads.size(2);
        return times == 1
                ? heads.unsqueeze(0)
                : heads.unsqueeze(2).expand(rows, -1, times, d).reshape(1, rows, heads.size(1) * times, d);
    }

    private Tensor oneByOne(Tensor q, Tensor k, Tensor v, int window, double scale) {
        List<Tensor> parts = new ArrayList<>();
        int fromQuery = 0;
        int fromKey = 0;
        for (int i = 0; i < queries.length; i++) {
            int n = queries[i];
            int m = keys[i];
            Tensor at = Tensors.arange(n).add((long) m - n).unsqueeze(1);
            Tensor key = Tensors.arange(m).unsqueeze(0);
            Tensor seen = key.le(at).and(key.gt(at.add(-(long) window)));
            Tensor part = Nn.attention(
                    headsFirst(q.narrow(0, fromQuery, n)),
                    headsFirst(k.narrow(0, fromKey, m)),
                    headsFirst(v.narrow(0, fromKey, m)),
                    seen,
                    false,
                    scale);
            parts.add(part.squeeze(0).transpose(0, 1));
            fromQuery += n;
            fromKey += m;
        }
        return Tensors.cat(parts, 0);
    }

    private static Tensor headsFirst(Tensor rows) {
        return rows.transpose(0, 1).unsqueeze(0);
    }
}
