package cogent.model.decoder;

import cogent.model.hf.ModelConfig;
import cogent.model.tensor.DType;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import cogent.model.tensor.Varlen;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Causal attention within each sequence of a packed batch, over the rows as they lie; layers that remember have them padded. Only keys and values of a beginning that
 * sequences share are copied, once for each that continues it.
 */
final class VarlenAttention implements Attention {
    private final AttentionHeads heads;
    private final Varlen lengths;
    private final @Nullable Tensor keyRows;
    private final Map<RopeTable, RopeTable.Rows> turns = new HashMap<>();
    private final long tokens;
    private final @Nullable PackedAttention padded;

    VarlenAttention(AttentionHeads heads, Packed packed) {
        this.heads = heads;
        tokens = packed.tokens();
        padded = heads.config().linear().any() ? new PackedAttention(heads, packed) : null;
        Packed.Spans spans = packed.spans();
        lengths = new Varlen(ints(spans.queries()), ints(spans.keys()), heads.device());
        int[] rows = spans.rows();
        keyRows = rows == null ? null : Tensors.of(rows, rows.length).to(heads.device(), DType.I64);
        int[] at = packed.positions();
        Tensor positions = Tensors.of(at, at.length).to(heads.device(), DType.I64);
        int last = IntStream.of(at).max().orElseThrow();
        for (int layer = 0; layer < heads.config().layers(); layer++) {
            turns.computeIfAbsent(heads.rope(layer), rope -> rope.at(positions, last + 1));
        }
    }

    private static int[] ints(List<Integer> values) {
        return values.stream().mapToInt(i -> i).toArray();
    }

    @Override
    public Tensor attend(int layer, Tensor qkv) {
        if (padded != null && heads.delta(layer) != null) {
            return padded.attend(layer, qkv);
        }
        ModelConfig c = heads.config();
        Tensor split = qkv.view(tokens, 1, c.heads() + 2L * c.kvHeads(), c.headDim());
        AttentionHeads.Turned turned = heads.of(layer, split, Objects.requireNonNull(turns.get(heads.rope(layer))));
        Tensor seen = lengths.attention(
                turned.q().squeeze(2),
                keys(turned.k().squeeze(2)),
                keys(turned.v().squeeze(2)),
                c.windows().get(layer),
                c.multipliers().attention());
        return seen.reshape(tokens, (long) c.heads() * c.headDim());
    }

    private Tensor keys(Tensor rows) {
        return keyRows == null ? rows : rows.indexSelect(0, keyRows);
    }
}
