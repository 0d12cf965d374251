package cogent.model.decoder;

import cogent.model.delta.GatedDeltaNet;
import cogent.model.hf.ModelConfig;
import cogent.model.tensor.DType;
import cogent.model.tensor.Nn;
import cogent.model.tensor.SegmentAttention;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One new token for each of the first slots of a cache, each at its own position, attending to what its slot holds. The query
 * heads that share a key head are queries of one place, so that no key is read twice.
 */
public final class CachedAttention implements Attention {
    private final AttentionHeads heads;
    private final KvCache cache;
    private final int rows;
    private final int reach;
    private final long shared;
    private final Tensor place;
    private final Map<RopeTable, RopeTable.Rows> turns = new HashMap<>();
    /** What each slot's new token may see, by window: as lengths on CUDA, as a mask on the CPU where they differ. */
    private final Map<Integer, SegmentAttention> segments = new HashMap<>();

    private final Map<Integer, Tensor> masks = new HashMap<>();

    /**
     * Reads the cache as far as the longest of the texts goes.
     *
     * @param positions of the new tokens in the slots 0, 1, …
     */
    public static CachedAttention reaching(AttentionHeads heads, KvCache cache, int... positions) {
        int last = IntStream.of(positions).max().orElseThrow();
        Tensor at = Tensors.of(positions, positions.length).to(heads.device(), DType.I64);
        boolean level = IntStream.of(positions).allMatch(p -> p == last);
        return new CachedAttention(heads, cache, at, last + 1, level);
    }

    /**
     * Of shapes that are the cache's own, wherever the texts are; what it makes of the positions, it makes on the device. So a step
     * can be recorded and run again.
     *
     * @param positions I64 {@code [rows]}, on the device
     */
    public static CachedAttention fixed(AttentionHeads heads, KvCache cache, Tensor positions) {
        return new CachedAttention(heads, cache, positions, cache.capacity(), false);
    }

    /** @param level whether all positions are the last of the reach */
    private CachedAttention(AttentionHeads heads, KvCache cache, Tensor at, int reach, boolean level) {
        this.heads = heads;
        this.cache = cache;
        this.reach = reach;
        ModelConfig c = heads.config();
        rows = (int) at.size(0);
        shared = c.heads() / c.kvHeads();
        for (int layer = 0; layer < c.layers(); layer++) {
            turns.computeIfAbsent(heads.rope(layer), rope -> rope.at(at, reach));
        }
        Tensor first = Tensors.arange(heads.device(), rows).mul((long) cache.capacity());
        place = cache.place(at);
        for (int window : c.windows()) {
            if (!heads.device().isCpu()) {
                segments.computeIfAbsent(window, _ -> segments(first, at, window));
            } else if (!level || window < reach) {
                masks.computeIfAbsent(window, _ -> mask(at, window));
            }
        }
    }

    private SegmentAttention segments(Tensor first, Tensor at, long window) {
        Tensor end = at.add(1L);
        Tensor hidden = end.add(-window).maximum(Tensors.zerosLike(end));
        return new SegmentAttention(
                first.add(hidden), end.sub(hidden), cache.capacity(), (long) cache.slots() * cache.capacity(), shared);
    }

    /** {@code [rows, 1, 1, reach]}: added to the products of queries and keys. */
    private Tensor mask(Tensor at, long window) {
        Tensor key = Tensors.arange(reach).view(1, 1, 1, reach);
        Tensor query = at.view(-1, 1, 1, 1);
        Tensor seen = key.le(query).and(key.gt(query.add(-window)));
        return Tensors.zeros(DType.F32, rows, 1, 1, reach).maskedFill(seen.not(), Double.NEGATIVE_INFINITY);
    }

    @Override
    public Tensor attend(int layer, Tensor qkv) {
        GatedDeltaNet delta = heads.delta(layer);
        return delta == null
                ? seen(layer, qkv)
                : delta.next(qkv.unsqueeze(1), cache.states().first(layer, rows))
                        .squeeze(1);
    }

    private Tensor seen(int layer, Tensor qkv) {
        ModelConfig c = heads.config();
        Tensor split = qkv.view(rows, 1, c.heads() + 2L * c.kvHeads(), c.headDim());
        AttentionHeads.Turned turned = heads.of(layer, split, Objects.requireNonNull(turns.get(heads.rope(layer))));
        cache.write(layer, place, turned.k().squeeze(2), turned.v().squeeze(2));
        @Nullable SegmentAttention ragged = segments.get(c.windows().get(layer));
        if (ragged != null) {
            return ragged.of(
                    turned.q().squeeze(2),
                    cache.flat(cache.keys(layer)),
                    cache.flat(cache.values(layer)),
                    c.multipliers().attention());
        }
        Tensor q = turned.q().reshape(rows, c.kvHeads(), shared, c.headDim());
        Tensor seen = Nn.attentionOfFew(
                q.to(DType.F32),
                KvCache.reached(cache.keys(layer), rows, reach),
                KvCache.reached(cache.values(layer), rows, reach),
                masks.get(c.windows().get(layer)),
                c.multipliers().attention());
        return seen.reshape(rows, (long) c.heads() * c.headDim()).to(qkv.dtype());
    }
}
