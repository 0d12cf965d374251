package cogent.train.forward;

import cogent.model.decoder.Decoder;
import cogent.model.tensor.DType;
import cogent.model.tensor.Device;
import cogent.model.tensor.DeviceMemory;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Nn;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The head on a GPU: products of BF16 factors with sums and results in single precision, nothing read back before the end, and
 * the slopes p − onehot(y) of a pass kept for its way back where memory allows. The weights w scale the narrow factors, rows of
 * hidden states and of their gradient, never the logits.
 *
 * @param weight the output matrix {@code [vocab, d]}, whose gradient is added to
 * @param factor the same in the type of the products
 * @param chunk rows (tokens) at a time, at least 1
 * @param keepBytes slopes that may be kept
 */
record DeviceHead(Tensor weight, Tensor factor, int chunk, long keepBytes) implements Head {
    /** Share of the device's memory for the single-precision logits of a chunk. */
    private static final int CHUNK_SHARE = 64;

    /** Share of the device's memory for slopes that are kept. */
    private static final int KEPT_SHARE = 8;

    /** Rows at least, or adding to the gradient of a large matrix costs more than the products with it. */
    private static final int LEAST_ROWS = 512;

    static DeviceHead of(Decoder decoder) {
        Device device = decoder.embedding().device();
        long total = DeviceMemory.of(device).total();
        long rows = total / CHUNK_SHARE / Float.BYTES / decoder.output().size(0);
        return new DeviceHead(
                decoder.output(),
                decoder.outputForProducts(),
                Math.clamp(rows, LEAST_ROWS, Short.MAX_VALUE),
                total / KEPT_SHARE);
    }

    @Override
    public boolean keeps(long targets) {
        return targets * weight.size(0) * factor.dtype().bytes() <= keepBytes;
    }

    @Override
    public Scores score(Tensor hidden, Tensor targets) {
        return scoreInto(hidden, targets, null);
    }

    @Override
    public Scores score(Tensor hidden, Tensor targets, List<Tensor> kept) {
        return scoreInto(hidden, targets, kept);
    }

    private Scores scoreInto(Tensor hidden, Tensor targets, @Nullable List<Tensor> kept) {
        try (var _ = GradMode.off()) {
            Found found = new Found(hidden);
            for (int from = 0; from < hidden.size(0); from += chunk) {
                int rows = rows(hidden, from);
                try (Scope scope = Scope.open()) {
                    Tensor slopes =
                            slopes(hidden.narrow(0, from, rows), targets.narrow(0, from, rows), found.at(from, rows));
                    if (kept != null) {
                        kept.add(scope.keep(slopes));
                    }
                }
            }
            if (kept != null) {
                kept.addAll(List.of(found.logps, found.correct));
            }
            return found.read();
        }
    }

    @Override
    public Supplier<Scores> backward(
            Tensor hidden, Tensor targets, Tensor weights, Tensor gradient, List<Tensor> kept) {
        try (var _ = GradMode.off()) {
            Found found = kept.isEmpty() ? new Found(hidden) : new Found(kept.get(kept.size() - 2), kept.getLast());
            for (int from = 0; from < hidden.size(0); from += chunk) {
                int rows = rows(hidden, from);
                try (Scope _ = Scope.open()) {
                    Tensor h = hidden.narrow(0, from, rows);
                    Tensor slopes = kept.isEmpty()
                            ? slopes(h, targets.narrow(0, from, rows), found.at(from, rows))
                            : kept.get(from / chunk);
                    Tensor down = weights.narrow(0, from, rows).unsqueeze(1).neg();
                    gradient.narrow(0, from, rows)
                            .copy_(slopes.matmul(factor, DType.F32).mul_(down));
                    if (weight.requiresGrad()) {
                        Tensor scaled = h.mul(down).to(factor.dtype());
                        accumulate(slopes.transpose(0, 1).matmul(scaled, weight.dtype()));
                    }
                    slopes.close();
                }
            }
            return found::read;
        }
    }

    private int rows(Tensor hidden, int from) {
        return (int) Math.min(chunk, hidden.size(0) - from);
    }

    private void accumulate(Tensor part) {
        if (weight.hasGrad()) {
            weight.grad().add_(part);
        } else {
            weight.setGrad(part);
        }
    }

    /**
     * softmax(h Wᵀ) − onehot(y), {@code [rows, vocab]} in the type of the products; and what was found on the way.
     *
     * <p>With the largest logit m and its probability p(m), log Σ exp = m − log p(m): no further pass over all logits.
     */
    private Tensor slopes(Tensor h, Tensor y, Found at) {
        return Scope.of(() -> {
            Tensor target = y.unsqueeze(1);
            Tensor logits = h.to(factor.dtype()).matmul(factor.transpose(0, 1), DType.F32);
            Tensor best = logits.argmax(1).unsqueeze(1);
            Tensor highest = logits.gather(1, best);
            Tensor known = logits.gather(1, target);
            Tensor p = Nn.softmax(logits, 1);
            logits.close();
            at.logps.copy_(known.sub(highest).add_(p.gather(1, best).log()).squeeze(1));
            at.correct.copy_(known.ge(highest).squeeze(1));
            Tensor minusOne = Tensors.zerosLike(known).fill_(-1);
            return p.scatterAdd_(1, target, minusOne).to(factor.dtype());
        });
    }

    /** Per target, on the device until it is read: log-probabilities and 1 where no token has a higher one. */
    private record Found(Tensor logps, Tensor correct) {
        Found(Tensor hidden) {
            this(row(hidden), row(hidden));
        }

        private static Tensor row(Tensor hidden) {
            return Tensors.zeros(hidden.device(), DType.F32, hidden.size(0));
        }

        Found at(int from, int rows) {
            return new Found(logps.narrow(0, from, rows), correct.narrow(0, from, rows));
        }

        Scores read() {
            return new Scores(logps.toFloats(), (long) correct.sum().item());
        }
    }
}
