package cogent.train.forward;

import cogent.model.decoder.Decoder;
import cogent.model.tensor.DType;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Nn;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Head} of libtorch's products, over some rows at a time: the peak is O(chunk · vocab).
 *
 * @param weight the output matrix {@code [vocab, d]}
 * @param chunk rows (tokens) at a time, at least 1
 * @param slopes type of the two products of the way back; logits are computed in that of the weight
 */
public record LogProbHead(Tensor weight, int chunk, DType slopes) implements Head {
    /** Logits that are held at once: 64 MiB of floats, and few enough to stay near the processor for small vocabularies. */
    private static final int LOGITS_AT_ONCE = 16 << 20;

    /** Rows at least, or reading the matrix of a large vocabulary costs more than the products with it. */
    private static final int LEAST_ROWS = 512;

    public LogProbHead {
        if (chunk < 1) {
            throw new IllegalArgumentException("a chunk needs at least one row");
        }
    }

    /** A model's, with the chunk that suits the vocabulary. */
    public static LogProbHead of(Decoder decoder) {
        Tensor weight = decoder.output();
        int chunk = Math.max(LEAST_ROWS, (int) (LOGITS_AT_ONCE / weight.size(0)));
        return new LogProbHead(weight, chunk, decoder.compute());
    }

    @Override
    public Scores score(Tensor hidden, Tensor targets) {
        return pass(hidden, targets, null, null, null);
    }

    /** Keeps the log-probabilities of all tokens: {@code [n, vocab]} floats instead of a fourth product. */
    @Override
    public Scores score(Tensor hidden, Tensor targets, List<Tensor> kept) {
        return pass(hidden, targets, null, null, kept);
    }

    /** No more than are held at once anyway. */
    @Override
    public boolean keeps(long targets) {
        return targets <= chunk;
    }

    @Override
    public Supplier<Scores> backward(
            Tensor hidden, Tensor targets, Tensor weights, Tensor gradient, List<Tensor> kept) {
        Scores scores = pass(hidden, targets, weights, gradient, kept.isEmpty() ? null : kept);
        return () -> scores;
    }

    /** @param kept taken from where there are weights, else filled */
    private Scores pass(
            Tensor hidden,
            Tensor targets,
            @Nullable Tensor weights,
            @Nullable Tensor gradient,
            @Nullable List<Tensor> kept) {
        int n = (int) hidden.size(0);
        float[] logps = new float[n];
        long correct = 0;
        try (var _ = GradMode.off()) {
            Tensor back = weights == null ? weight : weight.detach().to(slopes);
            for (int from = 0; from < n; from += chunk) {
                int rows = Math.min(chunk, n - from);
                try (Scope scope = Scope.open()) {
                    Tensor h = hidden.narrow(0, from, rows);
                    Tensor y = targets.narrow(0, from, rows).unsqueeze(1);
                    Tensor all = kept != null && weights != null ? kept.get(from / chunk) : logProbs(h);
                    if (kept != null && weights == null) {
                        kept.add(scope.keep(all));
                    }
                    Tensor known = all.gather(1, y);
                    System.arraycopy(known.toFloats(), 0, logps, from, rows);
                    correct += (long) known.ge(all.max(1, true)).sum().item();
                    if (weights != null && gradient != null) {
                        Tensor w = weights.narrow(0, from, rows).unsqueeze(1);
                        Tensor slope =
                                all.exp_().mul_(w.neg()).scatterAdd_(1, y, w).to(slopes);
                        gradient.narrow(0, from, rows).copy_(slope.matmul(back));
                        if (weight.hasGrad()) {
                            add(slope.transpose(0, 1), h.to(slopes));
                        }
                        all.close();
                    }
                }
            }
        }
        return new Scores(logps, correct);
    }

    /** Adds a product to the gradient of the matrix. */
    private void add(Tensor slopes, Tensor hidden) {
        if (weight.dtype() == slopes.dtype()) {
            weight.grad().addmm_(slopes, hidden, 1, 1);
        } else {
            weight.grad().add_(slopes.matmul(hidden));
        }
    }

    /** {@code [rows, vocab]} */
    private Tensor logProbs(Tensor h) {
        return Scope.of(() -> Nn.logSoftmax(Nn.linear(h, weight, null), 1));
    }
}
