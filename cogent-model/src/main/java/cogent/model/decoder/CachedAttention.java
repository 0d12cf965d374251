package cogent.model.decoder;

import cogent.model.hf.ModelConfig;
import cogent.model.tensor.DType;
import cogent.model.tensor.Nn;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One new token for every slot of a cache, each at its own position, attending to what the slot holds. */
public final class CachedAttention implements Attention {
    private final AttentionHeads heads;
    private final KvCache cache;
    private final Map<RopeTable, RopeTable.Rows> turns = new HashMap<>();
    private final List<Tensor> place;
    private final int reach;
    private final Map<Integer, Tensor> masks = new HashMap<>();

    /** @param positions of the new tokens, one for every slot */
    public CachedAttention(AttentionHeads heads, KvCache cache, int... positions) {
        this.heads = heads;
        this.cache = cache;
        int last = IntStream.of(positions).max().orElseThrow();
        reach = last + 1;
        Tensor at = Tensors.of(positions, positions.length).to(heads.device(), DType.I64);
        for (int layer = 0; layer < heads.config().layers(); layer++) {
            turns.computeIfAbsent(heads.rope(layer), rope -> rope.at(at, last));
        }
        place = List.of(Tensors.arange(positions.length).to(at.device(), DType.I64), at);
        boolean level = IntStream.of(positions).allMatch(p -> p == last);
        for (int window : heads.config().windows()) {
            if (!masks.containsKey(window) && (!level || window < reach)) {
                masks.put(window, mask(at, window));
            }
        }
    }

    /** {@code [slots, 1, 1, reach]}: what each slot's new token may see. */
    private Tensor mask(Tensor at, int window) {
        Tensor key = Tensors.arange(reach).to(at.device(), DType.I64).view(1, 1, 1, reach);
        Tensor query = at.view(-1, 1, 1, 1);
        return key.le(query).and(key.gt(query.add(-(long) window)));
    }

    @Override
    public Tensor attend(int layer, Tensor qkv) {
        ModelConfig c = heads.config();
        Tensor split = qkv.view(cache.slots(), 1, c.heads() + 2L * c.kvHeads(), c.headDim());
        AttentionHeads.Turned turned = heads.of(layer, split, Objects.requireNonNull(turns.get(heads.rope(layer))));
        cache.keys(layer).transpose(1, 2).indexPut_(place, turned.k().squeeze(2));
        cache.values(layer).transpose(1, 2).indexPut_(place, turned.v().squeeze(2));
        @Nullable Tensor mask = masks.get(c.windows().get(layer));
        Tensor seen = Nn.attention(
                turned.q(),
                cache.keys(layer).narrow(2, 0, reach),
                cache.values(layer).narrow(2, 0, reach),
                mask,
                false,
                c.multipliers().attention());
        return seen.transpose(1, 2).reshape(cache.slots(), (long) c.heads() * c.headDim());
    }
}
