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
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How likely a model finds the tokens of a completion, and where they stand among all that could come.
 *
 * @param logps {@code [completion]}: log-probability of each token given all before it, in nats
 * @param ranks {@code [completion]}: 1 + how many tokens are likelier
 */
@SuppressWarnings("ArrayRecordComponent") // a plain result, read at once
public record TokenRanks(float[] logps, float[] ranks) {
    /** Logits that are held at once. */
    private static final int LOGITS_AT_ONCE = 16 << 20;

    /**
     * Of rows, in their order.
     *
     * @param microBatchTokens tokens that go through the model at once
     */
    public static List<TokenRanks> of(LanguageModel model, List<Example> rows, int microBatchTokens) {
        List<TokenRanks> measured = new ArrayList<>();
        int[] all = IntStream.range(0, rows.size()).toArray();
        for (int[] part : BatchSize.split(all, i -> rows.get(i).tokens(), microBatchTokens)) {
            PackedRows packed =
                    PackedRows.of(IntStream.of(part).mapToObj(rows::get).toList());
            TokenRanks together = of(model.decoder(), packed);
            int at = 0;
            for (int count : packed.counts()) {
                measured.add(new TokenRanks(
                        Arrays.copyOfRange(together.logps, at, at + count),
                        Arrays.copyOfRange(together.ranks, at, at + count)));
                at += count;
            }
        }
        return measured;
    }

    /** Of the targets of packed rows, end to end. */
    private static TokenRanks of(Decoder decoder, PackedRows packed) {
        float[] logps = new float[packed.targets().length];
        float[] ranks = new float[logps.length];
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
        return new TokenRanks(logps, ranks);
    }
}
