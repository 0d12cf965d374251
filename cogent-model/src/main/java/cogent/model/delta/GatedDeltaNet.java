package cogent.model.delta;

import cogent.model.hf.LinearAttention;
import cogent.model.tensor.DType;
import cogent.model.tensor.Nn;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a layer of Gated DeltaNet (Yang et al., 2024, arXiv 2412.06464) makes of its projections, between these and the last one:
 * queries, keys and values go through a short causal convolution, queries and keys are normalised, the {@link DeltaRule} sees
 * them, and its results are normalised and gated. Computed in F32, whatever the projections are in.
 *
 * @param shape of its heads
 * @param convolution {@code [channels, 1, kernel]}: each channel has its own
 * @param fading {@code [valueHeads]}: logarithms of how fast heads forget
 * @param fadingBias {@code [valueHeads]}
 * @param norm {@code [valueDim]}
 * @param eps of that norm
 */
public record GatedDeltaNet(
        LinearAttention shape, Tensor convolution, Tensor fading, Tensor fadingBias, Tensor norm, double eps) {
    /** Under the root when queries and keys are divided by their lengths. */
    private static final double LENGTH_EPS = 1e-6;

    /**
     * What sequences remember.
     *
     * @param memory {@code [sequences, valueHeads, keyDim, valueDim]}
     * @param inputs the convolution's last ones, {@code [sequences, kernel - 1, channels]}
     */
    public record State(Tensor memory, Tensor inputs) {}

    /** @param y {@code [batch, time, valueHeads · valueDim]}, in the type of the projections */
    public record Seen(Tensor y, State state) {}

    /** The projections of a token's input side by side, in the order of {@link LinearAttention#PROJECTIONS}. */
    private record Projected(Tensor qkv, Tensor gate, Tensor strength, Tensor fading) {
        static Projected of(Tensor all, LinearAttention shape) {
            long[] widths = shape.widths().stream().mapToLong(Long::longValue).toArray();
            List<Tensor> parts = all.to(DType.F32).split(widths, 2);
            return new Projected(parts.get(0), parts.get(1), parts.get(2), parts.get(3));
        }
    }

    /**
     * New sequences, padded on the right; what padding computes is worth nothing, and is not remembered. A graph is recorded where one
     * is.
     *
     * @param projected {@code [batch, time, widths of all projections]}
     * @param lengths of the sequences, up to {@code time}
     */
    public Seen begin(Tensor projected, int... lengths) {
        Projected in = Projected.of(projected, shape);
        long batch = projected.size(0);
        Tensor before = Tensors.zeros(projected.device(), DType.F32, batch, shape.kernel() - 1L, shape.channels());
        Tensor inputs = Tensors.cat(List.of(before, in.qkv), 1);
        Tensor length = Tensors.of(lengths, batch, 1, 1).to(projected.device(), DType.I64);
        Tensor position = Tensors.arange(projected.device(), projected.size(1)).view(1, 1, -1);
        DeltaRule.Seen seen =
                rule(inputs, in).where(position.lt(length).to(DType.F32)).scan();
        List<Tensor> last = IntStream.range(0, lengths.length)
                .mapToObj(i -> inputs.narrow(0, i, 1).narrow(1, lengths[i], shape.kernel() - 1L))
                .toList();
        Tensor y = gated(seen.y(), in.gate).to(projected.dtype());
        return new Seen(y, new State(seen.state(), Tensors.cat(last, 0)));
    }

    /**
     * One more token of every sequence, without a graph.
     *
     * @param projected {@code [batch, 1, widths of all projections]}
     * @param state becomes, in place, that after the token
     * @return {@code [batch, 1, valueHeads · valueDim]}, in the type of the projections
     */
    public Tensor next(Tensor projected, State state) {
        Projected in = Projected.of(projected, shape);
        Tensor inputs = Tensors.cat(List.of(state.inputs, in.qkv), 1);
        state.inputs.copy_(inputs.narrow(1, 1, shape.kernel() - 1L));
        return gated(rule(inputs, in).step(state.memory), in.gate).to(projected.dtype());
    }

    /** @param inputs of the convolution, those of the {@code kernel - 1} tokens before included */
    private DeltaRule rule(Tensor inputs, Projected in) {
        long heads = shape.keyHeads();
        long shared = shape.valueHeads() / heads;
        List<Tensor> qkv =
                convolved(inputs, in.qkv.size(1)).split(new long[] {shape.keys(), shape.keys(), shape.values()}, 2);
        Tensor decay = softplus(in.fading).mul(fading.to(DType.F32).exp()).neg();
        return new DeltaRule(
                unit(heads(qkv.get(0), heads))
                        .mul(Math.pow(shape.keyDim(), -0.5))
                        .repeatInterleave(shared, 1),
                unit(heads(qkv.get(1), heads)).repeatInterleave(shared, 1),
                heads(qkv.get(2), shape.valueHeads()),
                decay.transpose(1, 2),
                in.strength.sigmoid().transpose(1, 2));
    }

    private Tensor softplus(Tensor x) {
        return Nn.softplus(x.add(fadingBias.to(DType.F32)));
    }

    /** Each position with those before it, by the channel's own weights. */
    private Tensor convolved(Tensor inputs, long time) {
        Tensor weights = convolution.to(DType.F32).squeeze(1);
        Tensor sum = inputs.narrow(1, 0, time).mul(weights.select(1, 0));
        for (int i = 1; i < shape.kernel(); i++) {
            sum = sum.addcmul(inputs.narrow(1, i, time), weights.select(1, i));
        }
        return Nn.silu(sum);
    }

    /** {@code [batch, time, heads · d]} → {@code [batch, heads, time, d]} */
    private static Tensor heads(Tensor x, long heads) {
        return x.reshape(x.size(0), x.size(1), heads, x.size(2) / heads).transpose(1, 2);
    }

    private static Tensor unit(Tensor x) {
        return x.mul(x.mul(x).sum(-1, true).add(LENGTH_EPS).rsqrt());
    }

    private Tensor gated(Tensor y, Tensor gate) {
        Tensor rows = y.transpose(1, 2);
        Tensor normed = Nn.rmsNorm(rows, norm.to(DType.F32), eps);
        return normed.mul(Nn.silu(gate.reshape(rows.shape()))).reshape(gate.shape());
    }
}
