package cogent.model.tensor;

import java.util.List;

/**
 * Attention of one query for every row, each over keys and values of its own length, on CUDA. It takes the lengths as
 * they are, so that no mask keeps the fast kernels away and no shape changes from step to step: FlashAttention in BF16 and
 * F16 (Dao, 2023), memory-efficient attention in F32 (Rabe and Staats, 2021).
 */
public final class SegmentAttention {
    private static final BoxedOperator FLASH = BoxedOperator.named("aten::_flash_attention_forward", "");
    private static final BoxedOperator EFFICIENT = BoxedOperator.named("aten::_efficient_attention_forward", "");

    private final Tensor queries;
    private final Tensor groups;
    private final Tensor starts;
    private final Tensor lengths;
    private final long longest;
    private final long shared;

    /**
     * @param starts where each row's keys begin, I64 {@code [rows]}
     * @param lengths how many keys each row sees, I64 {@code [rows]}
     * @param longest of the lengths at most
     * @param total keys of all rows together, seen or not
     * @param shared query heads of a key head
     */
    public SegmentAttention(Tensor starts, Tensor lengths, long longest, long total, long shared) {
        this.longest = longest;
        this.shared = shared;
        Device device = starts.device();
        long rows = starts.size(0);
        Tensor counted = Tensors.arange(device, rows + 1);
        queries = counted.to(DType.I32);
        groups = counted.mul(shared).to(DType.I32);
        Tensor end = counted.narrow(0, 0, 1).add(total);
        this.starts = Tensors.cat(List.of(starts, end), 0).to(DType.I32);
        this.lengths = lengths.to(DType.I32);
    }

    /**
     * @param q {@code [rows, heads, d]}
     * @param k {@code [total, kvHeads, d]}
     * @param v the same
     * @param scale factor on the products of queries and keys
     * @return {@code [rows, heads · d]}
     */
    public Tensor of(Tensor q, Tensor k, Tensor v, double scale) {
        return q.dtype() == DType.F32 ? efficient(q, k, v, scale) : flash(q, k, v, scale);
    }

    private Tensor flash(Tensor q, Tensor k, Tensor v, double scale) {
        Tensor seen = FLASH.tensor(
                q,
                k,
                v,
                queries,
                starts,
                1L,
                longest,
                0.0,
                false,
                false,
                scale,
                BoxedOperator.NONE,
                BoxedOperator.NONE,
                lengths,
                BoxedOperator.NONE);
        return seen.reshape(q.size(0), -1);
    }

    /** The kernel wants as many key heads as query heads: the query heads of one key head are queries of one place. */
    private Tensor efficient(Tensor q, Tensor k, Tensor v, double scale) {
        long rows = q.size(0);
        long kvHeads = k.size(1);
        long width = q.size(2);
        Tensor grouped = q.view(rows, kvHeads, shared, width).transpose(1, 2).reshape(1, rows * shared, kvHeads, width);
        Tensor seen = EFFICIENT.tensor(
                grouped,
                k.unsqueeze(0),
                v.unsqueeze(0),
                BoxedOperator.NONE,
                groups,
                starts,
                shared,
                longest,
                0.0,
                0L,
                false,
                scale,
                lengths,
                BoxedOperator.NONE);
        return seen.view(rows, shared, kvHeads, width).transpose(1, 2).reshape(rows, -1);
    }
}
