package cogent.train.forward;

import cogent.model.decoder.Decoder;
import cogent.model.decoder.LanguageModel;
import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Nn;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import cogent.train.rows.BatchSize;
import cogent.train.rows.Example;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How a completion looks to a student that has not seen it. A rationale teaches most when its tokens are surprising, yet among
 * those that the student would think of: the rank-surprisal ratio (Yang et al., arXiv 2601.14249)
 *
 * <pre>  Σ min(rank, 100) / Σ −log p        over completion tokens; rank 1 is the likeliest; lower is better</pre>
 *
 * @param ratio above 0; infinite where nothing surprises
 * @param impossible share of the tokens, 0 to 1, that the student finds less likely than a bound: those at which reverse
 *     speculative decoding (arXiv 2509.22230) would not follow the teacher
 * @param tokens of the completion
 */
public record RankSurprisal(double ratio, double impossible, int tokens) {
    /** The paper's r_max: how far down the list a token lies beyond it says nothing more. */
    private static final int MOST_RANK = 100;

    /** Logits that are held at once. */
    private static final int LOGITS_AT_ONCE = 16 << 20;

    /**
     * Measures rows, in their order.
     *
     * @param possible the bound of {@link #impossible}, a probability
     * @param microBatchTokens tokens that go through the model at once
     */
    public static List<RankSurprisal> of(
            LanguageModel student, List<Example> rows, double possible, int microBatchTokens) {
        List<RankSurprisal> measured = new ArrayList<>();
        int[] all = IntStream.range(0, rows.size()).toArray();
        for (int[] part : BatchSize.split(all, i -> rows.get(i).tokens(), microBatchTokens)) {
            PackedRows packed =
                    PackedRows.of(IntStream.of(part).mapToObj(rows::get).toList());
            float[] logps = new float[packed.targets().length];
            float[] ranks = new float[logps.length];
            score(student.decoder(), packed, logps, ranks);
            int at = 0;
            for (int count : packed.counts()) {
                measured.add(of(logps, ranks, at, count, Math.log(possible)));
                at += count;
            }
        }
        return measured;
    }

    private static RankSurprisal of(float[] logps, float[] ranks, int from, int count, double possible) {
        double rank = 0;
        double surprisal = 0;
        int impossible = 0;
        for (int i = from; i < from + count; i++) {
            rank += Math.min(ranks[i], MOST_RANK);
            surprisal -= logps[i];
            impossible += logps[i] < possible ? 1 : 0;
        }
        return new RankSurprisal(rank / surprisal, (double) impossible / count, count);
    }

    private static void score(Decoder decoder, PackedRows packed, float[] logps, float[] ranks) {
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            Device device = decoder.embedding().device();
            Tensor positions = Tensors.of(packed.positions(), logps.length).to(device, DType.I64);
            Tensor targets = Tensors.of(packed.targets(), logps.length).to(device, DType.I64);
            Tensor hidden = Scope.of(() -> decoder.hidden(packed.inputs()).indexSelect(0, positions));
            Tensor output = decoder.output();
            int chunk = Math.max(1, (int) (LOGITS_AT_ONCE / output.size(0)));
            for (int from = 0; from < logps.length; from += chunk) {
                int rows = Math.min(chunk, logps.length - from);
                try (Scope _ = Scope.open()) {
                    Tensor all = Nn.logSoftmax(
                            Nn.linear(hidden.narrow(0, from, rows), output, null)
                                    .to(DType.F32),
                            1);
                    Tensor known = all.gather(1, targets.narrow(0, from, rows).unsqueeze(1));
                    System.arraycopy(known.toFloats(), 0, logps, from, rows);
                    float[] above = all.gt(known).to(DType.F32).sum(1, false).toFloats();
                    for (int i = 0; i < rows; i++) {
                        ranks[from + i] = 1 + above[i];
                    }
                }
            }
        }
    }
}
