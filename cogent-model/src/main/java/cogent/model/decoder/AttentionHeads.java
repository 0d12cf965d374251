package cogent.model.decoder;

import cogent.model.delta.GatedDeltaNet;
import cogent.model.hf.ModelConfig;
import cogent.model.hf.QkNorm;
import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.model.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A decoder's projections as heads: split, normalised where the model does so, and turned to their positions. */
public final class AttentionHeads {
    private final ModelConfig config;
    private final List<RopeTable> ropes;
    private final List<Norms> norms;
    private final Map<Integer, GatedDeltaNet> deltas;
    private final DType compute;
    private final Device device;

    /** The norms of a layer's query and key heads; both or none. */
    record Norms(@Nullable Norm q, @Nullable Norm k) {}

    /** Queries {@code [batch, heads, time, headDim]}; keys and values {@code [batch, kvHeads, time, headDim]}. */
    record Turned(Tensor q, Tensor k, Tensor v) {}

    /** @param deltas of the layers that remember in place of looking back */
    AttentionHeads(
            ModelConfig config,
            List<RopeTable> ropes,
            List<Norms> norms,
            Map<Integer, GatedDeltaNet> deltas,
            DType compute,
            Device device) {
        this.config = config;
        this.ropes = ropes;
        this.norms = norms;
        this.deltas = deltas;
        this.compute = compute;
        this.device = device;
    }

    ModelConfig config() {
        return config;
    }

    RopeTable rope(int layer) {
        return ropes.get(layer);
    }

    /** What a layer does in place of attention, if it does. */
    @Nullable
    GatedDeltaNet delta(int layer) {
        return deltas.get(layer);
    }

    Device device() {
        return device;
    }

    /**
     * The heads of a layer.
     *
     * @param qkv {@code [batch, time, heads + 2 kvHeads, headDim]}
     * @param positions cosines and sines of the positions, broadcast to {@code [batch, time, 1, headDim]}
     */
    Turned of(int layer, Tensor qkv, RopeTable.Rows positions) {
        Norms norm = norms.get(layer);
        RopeTable.Rows at = positions.to(compute);
        long h = config.heads();
        long kv = config.kvHeads();
        Tensor q;
        Tensor k;
        Tensor v;
        if (norm.q == null || norm.k == null) {
            List<Tensor> parts = qkv.split(new long[] {h + kv, kv}, 2);
            List<Tensor> turned = at.turn(parts.get(0)).split(new long[] {h, kv}, 2);
            q = turned.get(0);
            k = turned.get(1);
            v = parts.get(1);
        } else {
            List<Tensor> parts = qkv.split(new long[] {h, kv, kv}, 2);
            q = at.turn(normed(parts.get(0), norm.q));
            k = at.turn(normed(parts.get(1), norm.k));
            v = parts.get(2);
        }
        return new Turned(q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2));
    }

    private Tensor normed(Tensor x, Norm norm) {
        return config.qkNorm() == QkNorm.HEAD
                ? norm.apply(x)
                : norm.apply(x.reshape(x.size(0), x.size(1), -1)).view(x.shape());
    }
}
