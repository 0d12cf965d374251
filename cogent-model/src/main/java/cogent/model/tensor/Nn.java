package cogent.model.tensor;

import static cogent.model.tensor.Tensor.own;

import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** Operators of neural networks, as libtorch fuses them. */
public final class Nn {
    static {
        LibTorch.load();
    }

    private static final BoxedOperator FUSED_NORM = BoxedOperator.named("aten::_fused_rms_norm", "");
    private static final BoxedOperator SOFTMAX = BoxedOperator.named("aten::_softmax", "out");
    private static final BoxedOperator SOFTMAX_BACKWARD = BoxedOperator.named("aten::_softmax_backward_data", "out");
    private static final BoxedOperator FUSED_NORM_BACKWARD = BoxedOperator.named("aten::_fused_rms_norm_backward", "");

    private Nn() {}

    /** Rows of the table: ids of any shape → {@code [*ids, d]}. */
    public static Tensor embedding(Tensor table, Tensor ids) {
        return own(torch.embedding(table.raw(), ids.raw()));
    }

    /**
     * x · weightᵀ + bias.
     *
     * @param weight {@code [out, in]}
     * @param bias {@code [out]} or none
     */
    public static Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
        if (SharedGemm.fitsLinear(x, weight, bias)) {
            return SharedGemm.product(x, weight.transpose(0, 1), bias);
        }
        return own(
                bias == null
                        ? torch.linear(x.raw(), weight.raw())
                        : torch.linear(x.raw(), weight.raw(), new TensorOptional(bias.raw())));
    }

    /** x / √(mean(x²) + eps) · weight over the last dimension (Zhang and Sennrich, 2019). */
    public static Tensor rmsNorm(Tensor x, Tensor weight, double eps) {
        return own(torch.rms_norm(x.raw(), weight.shape(), new TensorOptional(weight.raw()), new DoubleOptional(eps)));
    }

    /** An RMSNorm and 1/√(mean(x²) + eps), which its way back needs, with a last dimension of 1. */
    public record Normed(Tensor y, Tensor scale) {}

    /** As {@link #rmsNorm}, with what {@link #rmsNormBackward} needs. */
    public static Normed rmsNormForward(Tensor x, Tensor weight, double eps) {
        if (!x.device().isCpu()) {
            IValueVector results = FUSED_NORM.call(x, weight.shape(), weight, eps);
            return new Normed(BoxedOperator.tensor(results, 0), BoxedOperator.tensor(results, 1));
        }
        Tensor scale = rmsScale(x, eps);
        return new Normed(x.mul(scale).mul_(weight), scale);
    }

    private static Tensor rmsScale(Tensor x, double eps) {
        long[] last = {-1};
        Tensor norm = own(torch.linalg_vector_norm(x.raw(), new Scalar(2), last, true, new ScalarTypeOptional()));
        return norm.mul_(norm).div_((double) x.size(-1)).add_(eps).rsqrt();
    }

    /** Gradients of an RMSNorm with respect to its input and its weight. */
    public record NormGradient(Tensor x, Tensor weight) {}

    /**
     * The gradients of {@link #rmsNorm}. On a CPU layer norm's fused gradient gives them: with a mean of zero it differs by the
     * term scale · mean(up · weight), by which layer norm takes out the mean.
     *
     * @param up gradient of the result, {@code [rows, d]}
     * @param scale as {@link #rmsNormForward} gave it
     */
    public static NormGradient rmsNormBackward(Tensor up, Tensor x, Tensor weight, Tensor scale) {
        if (!x.device().isCpu()) {
            IValueVector results =
                    FUSED_NORM_BACKWARD.call(up, x, weight.shape(), scale, weight, new boolean[] {true, true});
            return new NormGradient(BoxedOperator.tensor(results, 0), BoxedOperator.tensor(results, 1));
        }
        Tensor mean = Tensors.zerosLike(scale);
        T_TensorTensorTensor_T parts = torch.native_layer_norm_backward(
                up.raw(),
                x.raw(),
                weight.shape(),
                mean.raw(),
                scale.raw(),
                new TensorOptional(weight.raw()),
                new TensorOptional(),
                new BoolPointer(3).put(0, true).put(1, true).put(2, false));
        Tensor gradient = own(new org.bytedeco.pytorch.Tensor(parts.get0()));
        Tensor shift = up.matmul(weight.unsqueeze(1)).mul_(scale).div_((double) weight.numel());
        return new NormGradient(gradient.add_(shift), own(new org.bytedeco.pytorch.Tensor(parts.get1())));
    }

    public static Tensor silu(Tensor x) {
        return own(torch.silu(x.raw()));
    }

    /**
     * The gradient of {@link #silu}, in place.
     *
     * @param up gradient of the result; becomes that of x
     */
    public static Tensor siluBackward_(Tensor up, Tensor x) {
        torch.silu_backward_out(up.raw(), up.raw(), x.raw());
        return up;
    }

    /** x · Φ(x) in its approximation by tanh. */
    public static Tensor geluTanh(Tensor x) {
        return own(torch.gelu(x.raw(), "tanh"));
    }

    /**
     * The gradient of {@link #geluTanh}, in place.
     *
     * @param up gradient of the result; becomes that of x
     */
    public static Tensor geluTanhBackward_(Tensor up, Tensor x) {
        torch.gelu_backward_out(up.raw(), up.raw(), x.raw(), "tanh");
        return up;
    }

    /** Zeroes elements with the probability and scales the others; reproducible by {@link LibTorch#manualSeed}. */
    public static Tensor dropout(Tensor x, double probability) {
        return own(torch.dropout(x.raw(), probability, true));
    }

    /** log(1 + exp(x)). */
    public static Tensor softplus(Tensor x) {
        return own(torch.softplus(x.raw()));
    }

    /**
     * X in A · X = B.
     *
     * @param a {@code [..., n, n]}: what it has below its diagonal; on that it counts as 1, above as 0
     * @param b {@code [..., n, m]}
     */
    public static Tensor solveUnitLower(Tensor a, Tensor b) {
        return own(torch.linalg_solve_triangular(a.raw(), b.raw(), false, true, true));
    }

    /** softmax of the last dimension of x, into y. */
    public static void softmax(Tensor x, Tensor y) {
        try (Scope _ = Scope.open()) {
            SOFTMAX.call(x, -1L, false, y);
        }
    }

    /**
     * The gradient of x of {@link #softmax(Tensor, Tensor)}.
     *
     * @param up gradient of y
     */
    public static void softmaxBackward(Tensor up, Tensor y, Tensor gradient) {
        try (Scope _ = Scope.open()) {
            SOFTMAX_BACKWARD.call(up, y, -1L, (long) torch.ScalarType.Float.value, gradient);
        }
    }

    public static Tensor softmax(Tensor x, int dim) {
        return own(x.raw().softmax(dim));
    }

    public static Tensor logSoftmax(Tensor x, int dim) {
        return own(x.raw().log_softmax(dim));
    }

    public static Tensor logSigmoid(Tensor x) {
        return own(torch.log_sigmoid(x.raw()));
    }

    /**
     * Attention of queries {@code [batch, heads, queries, d]} over keys and values {@code [batch, kvHeads, keys, d]}; every heads/kvHeads query heads share a key head. In BF16 on a CPU it is computed in single precision, where
     * libtorch is 2 to 30 times faster.
     *
     * @param mask broadcast to {@code [batch, heads, queries, keys]}: BOOL, true = may be seen, or of the queries' type, to be
     *     added to their products with the keys; not together with causal
     * @param causal query i sees keys up to i
     * @param scale factor on the products of queries and keys, 1/√d as a rule
     */
    public static Tensor attention(Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, boolean causal, double scale) {
        if (q.dtype() == DType.BF16 && q.device().isCpu()) {
            return attention(q.to(DType.F32), k.to(DType.F32), v.to(DType.F32), mask, causal, scale)
                    .to(DType.BF16);
        }
        boolean grouped = q.size(1) != k.size(1);
        return own(torch.scaled_dot_product_attention(
                q.raw(),
                k.raw(),
                v.raw(),
                mask == null ? new TensorOptional() : new TensorOptional(mask.raw()),
                0.0,
                causal,
                new DoubleOptional(scale),
                grouped));
    }

    /**
     * As {@link #attention} of few queries over many keys on the CPU, in single precision and without a graph: every
     * thread takes its share of the rows, or of one row's heads.
     *
     * @param mask {@code [rows, 1, 1, keys]}, added to the products of queries and keys
     */
    public static Tensor attentionOfFew(Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, double scale) {
        ThreadTeam team = ThreadTeam.now();
        int dim = q.size(0) > 1 ? 0 : 1;
        long parts = q.size(dim);
        // below half a million products a meeting costs more than it saves
        if (team.threads() == 1 || parts == 1 || q.numel() * k.size(2) < 1 << 19) {
            return attention(q, k, v, mask, false, scale);
        }
        Tensor seen = Tensors.empty(DType.F32, q.shape());
        var out = seen.raw();
        var queries = q.raw();
        var keys = k.raw();
        var values = v.raw();
        var bias = mask == null ? null : mask.raw();
        team.run(part -> {
            long from = parts * part / team.threads();
            long length = parts * (part + 1) / team.threads() - from;
            if (length > 0) {
                try (var _ = new PointerScope()) {
                    var own = bias == null || dim == 1 ? bias : bias.narrow(0, from, length);
                    out.narrow(dim, from, length)
                            .copy_(torch.scaled_dot_product_attention(
                                    queries.narrow(dim, from, length),
                                    keys.narrow(dim, from, length),
                                    values.narrow(dim, from, length),
                                    own == null ? new TensorOptional() : new TensorOptional(own),
                                    0.0,
                                    false,
                                    new DoubleOptional(scale),
                                    false));
                }
            }
        });
        return seen;
    }
}
