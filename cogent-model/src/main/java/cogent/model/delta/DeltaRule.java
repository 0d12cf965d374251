package cogent.model.delta;

import cogent.model.tensor.DType;
import cogent.model.tensor.Nn;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;

/**
 * The gated delta rule (Yang et al., 2024, arXiv 2412.06464): a state that maps keys to values fades, and is corrected where it
 * says another value than the token's.
 *
 * <pre>
 * M = exp(decay) · M;   M = M + k ⊗ strength · (v − k·M);   y = q·M
 * </pre>
 *
 * All in F32: queries and keys {@code [batch, heads, time, keyDim]}, values {@code [batch, heads, time, valueDim]}, decays (up
 * to 0) and strengths (0 to 1) {@code [batch, heads, time]}, the state {@code [batch, heads, keyDim, valueDim]}.
 *
 * @param q queries, with the factor that they are to have
 * @param strength of the correction
 */
record DeltaRule(Tensor q, Tensor k, Tensor v, Tensor decay, Tensor strength) {
    private static final int CHUNK = 64;

    /** @param state after the last token */
    record Seen(Tensor y, Tensor state) {}

    /**
     * That of some of the tokens: the state passes the others by.
     *
     * @param real 1 or 0, broadcast to {@code [batch, heads, time]}
     */
    DeltaRule where(Tensor real) {
        return new DeltaRule(q, k, v, decay.mul(real), strength.mul(real));
    }

    /**
     * All tokens of new sequences, chunk by chunk: within a chunk the corrections of its tokens solve a triangular system (the
     * UT transform), so that only the state goes from chunk to chunk. A graph is recorded where one is.
     */
    Seen scan() {
        Tensor queries = chunks(q);
        Tensor keys = chunks(k);
        Tensor strengths = chunks(strength.unsqueeze(-1));
        Tensor faded = chunks(decay.unsqueeze(-1)).cumsum(3); // from the chunk's beginning, in logarithms
        Tensor end = faded.narrow(3, CHUNK - 1, 1);
        Tensor later = Tensors.arange(q.device(), CHUNK);
        Tensor between = faded.sub(faded.transpose(3, 4))
                .maskedFill(later.unsqueeze(0).gt(later.unsqueeze(1)), Double.NEGATIVE_INFINITY)
                .exp();
        Tensor across = keys.transpose(3, 4);
        Tensor written = keys.mul(strengths);
        Tensor wanted = Tensors.cat(List.of(chunks(v).mul(strengths), written.mul(faded.exp())), 4);
        Tensor solved = Nn.solveUnitLower(written.matmul(across).mul(between), wanted);
        List<Tensor> corrections = solved.split(new long[] {v.size(3), k.size(3)}, 4);
        Tensor within = queries.matmul(across).mul(between);
        Tensor reading = queries.mul(faded.exp());
        Tensor writing = keys.mul(end.sub(faded).exp()).transpose(3, 4);
        Tensor kept = end.exp();

        Tensor state = Tensors.zeros(q.device(), DType.F32, v.size(0), v.size(1), k.size(3), v.size(3));
        List<Tensor> y = new ArrayList<>();
        for (int i = 0; i < queries.size(2); i++) {
            Tensor fresh = corrections
                    .get(0)
                    .select(2, i)
                    .sub(corrections.get(1).select(2, i).matmul(state));
            y.add(reading.select(2, i).matmul(state).add(within.select(2, i).matmul(fresh)));
            state = state.mul(kept.select(2, i)).add(writing.select(2, i).matmul(fresh));
        }
        return new Seen(Tensors.cat(y, 2).narrow(2, 0, q.size(2)), state);
    }

    /** {@code [batch, heads, time, d]} → {@code [batch, heads, chunks, CHUNK, d]}, zeros behind the end. */
    private static Tensor chunks(Tensor x) {
        long time = x.size(2);
        long chunks = (time + CHUNK - 1) / CHUNK;
        Tensor rest = Tensors.zeros(x.device(), DType.F32, x.size(0), x.size(1), chunks * CHUNK - time, x.size(3));
        return Tensors.cat(List.of(x, rest), 2).view(x.size(0), x.size(1), chunks, CHUNK, x.size(3));
    }

    /**
     * One token of every sequence; without a graph.
     *
     * @param state becomes, in place, that after the token
     * @return {@code [batch, heads, 1, valueDim]}
     */
    Tensor step(Tensor state) {
        state.mul_(decay.exp().unsqueeze(-1));
        Tensor fresh = v.sub(k.matmul(state)).mul_(strength.unsqueeze(-1));
        state.add_(k.transpose(2, 3).mul(fresh));
        return q.matmul(state);
    }
}
