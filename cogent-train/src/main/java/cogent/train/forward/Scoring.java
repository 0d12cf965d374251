package cogent.train.forward;

import cogent.model.decoder.Decoder;
import cogent.model.decoder.LanguageModel;
import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import cogent.train.rows.BatchSize;
import cogent.train.rows.Example;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Log-probabilities of completions under a model, without gradients. */
public final class Scoring {
    private Scoring() {}

    /** A model's head, as its device computes it fastest. */
    static Head head(Decoder decoder) {
        return decoder.embedding().device().isCpu() ? LogProbHead.of(decoder) : DeviceHead.of(decoder);
    }

    /**
     * The log-probability of every completion token given all tokens before it, row by row in order, in nats.
     *
     * @param microBatchTokens tokens that go through the model at once
     */
    public static List<float[]> tokenLogps(LanguageModel model, List<Example> rows, int microBatchTokens) {
        int[] all = IntStream.range(0, rows.size()).toArray();
        List<float[]> result = new ArrayList<>();
        for (int[] part : BatchSize.split(all, i -> rows.get(i).tokens(), microBatchTokens)) {
            PackedRows packed =
                    PackedRows.of(IntStream.of(part).mapToObj(rows::get).toList());
            float[] logps = score(model.decoder(), packed).logps();
            int at = 0;
            for (int count : packed.counts()) {
                result.add(Arrays.copyOfRange(logps, at, at + count));
                at += count;
            }
        }
        return result;
    }

    /** The sums of the completion tokens' log-probabilities, one for each sequence. */
    public static double[] sums(Decoder decoder, PackedRows packed) {
        return packed.sums(score(decoder, packed).logps());
    }

    public static Head.Scores score(Decoder decoder, PackedRows packed) {
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            Device device = decoder.embedding().device();
            Tensor positions =
                    Tensors.of(packed.positions(), packed.positions().length).to(device, DType.I64);
            Tensor targets =
                    Tensors.of(packed.targets(), packed.targets().length).to(device, DType.I64);
            Tensor hidden = Scope.of(() -> decoder.hidden(packed.inputs()).indexSelect(0, positions));
            return head(decoder).score(hidden, targets);
        }
    }
}
