package cogent.model.decoder;

import cogent.model.delta.GatedDeltaNet;
import cogent.model.direct.BlockedAttention;
import cogent.model.hf.ModelConfig;
import cogent.model.tensor.DType;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Nn;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Causal attention, or memory, within each sequence of a packed batch. Sequences of like length form a group that is padded on the
 * right: what a real token sees lies before it, so padding needs no mask, and what padding computes is dropped. One
 * gather goes in, one comes out; none is needed when all sequences are equally long.
 */
public final class PackedAttention implements Attention {
    /** A sequence joins a group while it fills this share of the group's width. */
    private static final double FILL = 0.8;

    private final AttentionHeads heads;
    private final int[] lengths;
    private final List<Group> groups = new ArrayList<>();
    private final @Nullable Tensor spread;
    private final @Nullable Tensor collect;
    private final Map<Band, Tensor> bands = new HashMap<>();
    private final KvCache.@Nullable Writer writer;

    private record Band(int width, int window) {}

    /** Sequences (by index) padded to one width. */
    record Group(List<Integer> sequences, int width) {
        long tokens() {
            return (long) sequences.size() * width;
        }
    }

    public PackedAttention(AttentionHeads heads, Packed packed) {
        this(heads, packed, null);
    }

    /** @param writer takes keys and values as they are computed */
    public PackedAttention(AttentionHeads heads, Packed packed, KvCache.@Nullable Writer writer) {
        this.heads = heads;
        this.writer = writer;
        lengths = packed.lengths();
        group();
        for (Group group : groups) {
            for (int window : Set.copyOf(heads.config().windows())) {
                if (window < group.width) {
                    bands.computeIfAbsent(new Band(group.width, window), this::band);
                }
            }
        }
        if (!packed.isBranching() && IntStream.of(lengths).allMatch(n -> n == lengths[0])) {
            spread = null;
            collect = null;
            return;
        }
        int padded = Math.toIntExact(groups.stream().mapToLong(Group::tokens).sum());
        int[] spreadTo = new int[padded];
        int[] collectFrom = new int[packed.tokens()];
        int at = 0;
        for (Group group : groups) {
            for (int sequence : group.sequences) {
                for (int t = 0; t < lengths[sequence]; t++) {
                    // a shared row goes into every sequence that it begins, and comes from any of them
                    int row = packed.row(sequence, t);
                    spreadTo[at + t] = row;
                    collectFrom[row] = at + t;
                }
                at += group.width;
            }
        }
        spread = Tensors.of(spreadTo, padded).to(heads.device(), DType.I64);
        collect = Tensors.of(collectFrom, packed.tokens()).to(heads.device(), DType.I64);
    }

    private void group() {
        List<Integer> order = IntStream.range(0, lengths.length)
                .boxed()
                .sorted(Comparator.comparingInt((Integer i) -> -lengths[i]))
                .toList();
        int from = 0;
        while (from < order.size()) {
            int width = lengths[order.get(from)];
            int to = from + 1;
            while (to < order.size() && lengths[order.get(to)] >= FILL * width) {
                to++;
            }
            groups.add(new Group(List.copyOf(order.subList(from, to)), width));
            from = to;
        }
    }

    @Override
    public Tensor attend(int layer, Tensor qkv) {
        return attended(layer, qkv, null);
    }

    @Override
    public Tensor attend(int layer, Tensor qkv, List<Detour> detours) {
        return attended(layer, qkv, detours);
    }

    /** @param detours none where the graph must not be left */
    private Tensor attended(int layer, Tensor qkv, @Nullable List<Detour> detours) {
        Tensor rows = spread == null ? qkv : Nn.embedding(qkv, spread);
        List<Tensor> parts = groups.size() == 1
                ? List.of(rows)
                : rows.split(groups.stream().mapToLong(Group::tokens).toArray(), 0);
        List<Tensor> seen = new ArrayList<>();
        for (int g = 0; g < groups.size(); g++) {
            seen.add(attend(layer, groups.get(g), parts.get(g), detours));
        }
        Tensor all = seen.size() == 1 ? seen.get(0) : Tensors.cat(seen, 0);
        return collect == null ? all : Nn.embedding(all, collect);
    }

    private Tensor attend(int layer, Group group, Tensor rows, @Nullable List<Detour> detours) {
        GatedDeltaNet delta = heads.delta(layer);
        return delta == null ? seen(layer, group, rows, detours) : remembered(delta, layer, group, rows);
    }

    private Tensor remembered(GatedDeltaNet delta, int layer, Group group, Tensor rows) {
        int[] own = group.sequences.stream().mapToInt(i -> lengths[i]).toArray();
        GatedDeltaNet.Seen seen = delta.begin(rows.view(group.sequences.size(), group.width, -1), own);
        if (writer != null) {
            writer.write(layer, group.sequences, seen.state());
        }
        return seen.y().view(group.tokens(), -1);
    }

    private Tensor seen(int layer, Group group, Tensor rows, @Nullable List<Detour> detours) {
        ModelConfig c = heads.config();
        int batch = group.sequences.size();
        Tensor split = rows.view(batch, group.width, c.heads() + 2L * c.kvHeads(), c.headDim());
        AttentionHeads.Turned turned = heads.of(layer, split, heads.rope(layer).first(group.width));
        if (writer != null) {
            writer.write(layer, group.sequences, turned.k(), turned.v());
        }
        int window = c.windows().get(layer);
        boolean all = window >= group.width;
        double scale = c.multipliers().attention();
        boolean learns = GradMode.isOn() && turned.q().requiresGrad();
        if (blocked(rows, window) && (detours != null || !learns)) {
            Tensor seen = BlockedAttention.seen(turned.q(), turned.k(), turned.v(), scale);
            if (detours != null && learns) {
                detours.add(new Detour(turned, seen.requiresGrad(true), scale));
            }
            return seen.view(group.tokens(), (long) c.heads() * c.headDim());
        }
        Tensor seen = Nn.attention(
                turned.q(), turned.k(), turned.v(), all ? null : bands.get(new Band(group.width, window)), all, scale);
        return seen.transpose(1, 2).reshape(group.tokens(), (long) c.heads() * c.headDim());
    }

    /** For all groups or none: a way back goes through what leads to them once. */
    private boolean blocked(Tensor rows, int window) {
        int longest = groups.getFirst().width;
        int fewest =
                groups.stream().mapToInt(group -> group.sequences.size()).min().orElseThrow();
        return window >= longest
                && BlockedAttention.fits(rows, longest, fewest * heads.config().kvHeads());
    }

    /** {@code [width, width]}: position i sees the last {@code window} positions up to itself. */
    private Tensor band(Band band) {
        Tensor key = Tensors.arange(band.width).unsqueeze(0);
        Tensor query = Tensors.arange(band.width).unsqueeze(1);
        return key.le(query).and(key.gt(query.add(-band.window))).to(heads.device(), DType.BOOL);
    }
}
