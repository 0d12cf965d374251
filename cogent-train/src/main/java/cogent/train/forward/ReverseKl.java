package cogent.train.forward;

import cogent.model.decoder.Decoder;
import cogent.model.tensor.DType;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Nn;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;

/**
 * How far a student's next-token distribution p is from a teacher's q, and the way back, without logits for all places at once:
 *
 * <pre>  KL(p ‖ q) = Σᵥ p(v) (log p(v) − log q(v)),   ∂KL/∂logits = p (log p − log q − KL)</pre>
 *
 * <p>Vocabularies that are padded to other sizes are compared over the tokens that both have rows for.
 *
 * @param student its output matrix {@code [vocab, d]}
 * @param teacher its output matrix {@code [vocab, d']}
 * @param chunk places at a time, at least 1
 */
public record ReverseKl(Tensor student, Tensor teacher, int chunk) {
    /** Logits of each of the two that are held at once. */
    private static final int LOGITS_AT_ONCE = 16 << 20;

    /**
     * Sums over places, in nats.
     *
     * @param divergence KL(p ‖ q)
     * @param entropy of p
     */
    public record Sums(double divergence, double entropy) {
        public static final Sums NONE = new Sums(0, 0);

        public Sums plus(Sums other) {
            return new Sums(divergence + other.divergence, entropy + other.entropy);
        }
    }

    public static ReverseKl of(Decoder student, Decoder teacher) {
        long rows = Math.max(student.output().size(0), teacher.output().size(0));
        return new ReverseKl(student.output(), teacher.output(), Math.max(1, (int) (LOGITS_AT_ONCE / rows)));
    }

    /**
     * Adds the gradient of factor · Σ KL to that of the student's output matrix, if that is trained.
     *
     * @param hidden the student's, {@code [n, d]}, after the final norm
     * @param taught the teacher's of the same places, {@code [n, d']}
     * @param gradient {@code [n, d]}: overwritten with the gradient of the student's hidden states
     */
    public Sums backward(Tensor hidden, Tensor taught, double factor, Tensor gradient) {
        long vocabulary = Math.min(student.size(0), teacher.size(0));
        int n = (int) hidden.size(0);
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            Tensor sums = Tensors.zeros(hidden.device(), DType.F64, 2);
            Tensor own = student.detach().narrow(0, 0, vocabulary);
            Tensor other = teacher.detach().narrow(0, 0, vocabulary);
            for (int from = 0; from < n; from += chunk) {
                int rows = Math.min(chunk, n - from);
                try (Scope _ = Scope.open()) {
                    Tensor h = hidden.narrow(0, from, rows);
                    Tensor p = logProbs(h, own);
                    Tensor apart = p.sub(logProbs(taught.narrow(0, from, rows), other));
                    sums.select(0, 1).sub_(p.exp().mul_(p).sum().to(DType.F64));
                    p.exp_();
                    Tensor divergence = p.mul(apart).sum(1, true);
                    sums.select(0, 0).add_(divergence.sum().to(DType.F64));
                    Tensor slope = p.mul_(apart.sub_(divergence)).mul_(factor).to(own.dtype());
                    gradient.narrow(0, from, rows).copy_(slope.matmul(own));
                    if (student.requiresGrad()) {
                        grad().narrow(0, 0, vocabulary).addmm_(slope.transpose(0, 1), h.to(own.dtype()), 1, 1);
                    }
                }
            }
            double[] read = sums.toDoubles();
            return new Sums(read[0], read[1]);
        }
    }

    private Tensor grad() {
        if (!student.hasGrad()) {
            student.setGrad(Tensors.zerosLike(student));
        }
        return student.grad();
    }

    /** {@code [rows, vocab]}, in single precision. */
    private static Tensor logProbs(Tensor hidden, Tensor output) {
        return Scope.of(() ->
                Nn.logSoftmax(Nn.linear(hidden.to(output.dtype()), output, null).to(DType.F32), 1));
    }
}
