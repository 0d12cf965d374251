package cogent.model.decoder;

import cogent.model.tensor.DType;
import cogent.model.tensor.Nn;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Linear layers of one input, their results side by side, with their way back: dx = dy · W, dW = dyᵀ · x; of a low-rank addition
 * s · x · aᵀ · bᵀ, which keeps x · aᵀ alone: db = s · dyᵀ · x · aᵀ, da = s · (dy · b)ᵀ · x, dx = s · dy · b · a.
 */
final class LinearPass {
    private final List<Linear> parts;
    private final Tensor y;
    private final List<Low> low = new ArrayList<>();

    /**
     * A low-rank addition to some columns.
     *
     * @param from its first column
     * @param inner x · aᵀ
     * @param mask what dropout multiplied x by; none without dropout
     */
    private record Low(
            Linear.LowRank added,
            long from,
            Tensor inner,
            @Nullable Tensor mask) {
        static Low of(Linear.LowRank added, long from, Tensor x) {
            Tensor mask = added.dropout() > 0 ? Nn.dropout(Tensors.zerosLike(x).add_(1), added.dropout()) : null;
            Tensor a = added.a().detach();
            Tensor inner = Scope.of(() -> Nn.linear(mask == null ? x : x.mul(mask), a.to(x.dtype()), null));
            return new Low(added, from, inner, mask);
        }

        private Tensor columns(Tensor all) {
            return all.narrow(1, from, added.b().size(0));
        }

        void addTo(Tensor y) {
            Tensor b = added.b().detach().to(inner.dtype());
            Tensor _ = columns(y).addmm_(inner, b.transpose(0, 1), 1, added.scale());
        }

        /** @param gradient of x, to which its part is added */
        void backward(Tensor x, Tensor dy, Tensor gradient) {
            DType weights = added.a().dtype();
            Tensor up = columns(dy).mul(added.scale());
            accumulate(added.b(), up.transpose(0, 1).matmul(inner, weights));
            Tensor inside = up.matmul(added.b().detach().to(up.dtype()));
            accumulate(added.a(), inside.transpose(0, 1).matmul(mask == null ? x : x.mul(mask), weights));
            Tensor a = added.a().detach().to(up.dtype());
            if (mask == null) {
                gradient.addmm_(inside, a, 1, 1);
            } else {
                gradient.add_(inside.matmul(a).mul_(mask));
            }
        }

        void close() {
            inner.close();
            if (mask != null) {
                mask.close();
            }
        }
    }

    /** @param x {@code [rows, in]}, in the type of the products */
    LinearPass(List<Linear> parts, Tensor x) {
        this.parts = parts;
        y = Scope.of(() -> Nn.linear(x, weight(), bias()));
        long from = 0;
        for (Linear part : parts) {
            if (part.lowRank() != null) {
                Low addition = Low.of(part.lowRank(), from, x);
                Scope.run(() -> addition.addTo(y));
                low.add(addition);
            }
            from += part.weight().size(0);
        }
    }

    /** {@code [rows, out]} */
    Tensor y() {
        return y;
    }

    private Tensor weight() {
        return parts.getFirst()
                .products()
                .weight(parts.stream().map(Linear::weight).toList());
    }

    private @Nullable Tensor bias() {
        if (parts.getFirst().bias() == null) {
            return null;
        }
        Tensor bias = parts.size() == 1
                ? parts.getFirst().bias().detach()
                : Tensors.cat(
                        parts.stream()
                                .map(part -> Objects.requireNonNull(part.bias()))
                                .toList(),
                        0);
        return parts.getFirst().converted(bias);
    }

    /**
     * Adds the gradients of weights, biases and additions to what they have, where they want some.
     *
     * @param x the layers' input
     * @param up gradient of y
     * @param sum where given, the gradient of x is added to it
     * @return gradient of x
     */
    Tensor backward(Tensor x, Tensor up, @Nullable Tensor sum) {
        addWeightGradients(x, up);
        Tensor gradient = Scope.of(() -> sum == null ? up.matmul(weight()) : sum.addmm_(up, weight(), 1, 1));
        for (Low addition : low) {
            Scope.run(() -> addition.backward(x, up, gradient));
        }
        return gradient;
    }

    private void addWeightGradients(Tensor x, Tensor up) {
        try (Scope _ = Scope.open()) {
            if (parts.size() == 1 && addsInPlace(parts.getFirst().weight(), x)) {
                parts.getFirst().weight().grad().addmm_(up.transpose(0, 1), x, 1, 1);
            } else if (parts.stream().anyMatch(part -> part.weight().requiresGrad())) {
                Tensor all =
                        up.transpose(0, 1).matmul(x, parts.getFirst().weight().dtype());
                long from = 0;
                for (Linear part : parts) {
                    long rows = part.weight().size(0);
                    accumulate(part.weight(), all.narrow(0, from, rows));
                    from += rows;
                }
            }
            if (parts.stream()
                    .anyMatch(part -> part.bias() != null && part.bias().requiresGrad())) {
                Tensor all = up.sum(0, false);
                long from = 0;
                for (Linear part : parts) {
                    long columns = part.weight().size(0);
                    if (part.bias() != null) {
                        accumulate(part.bias(), all.narrow(0, from, columns));
                    }
                    from += columns;
                }
            }
        }
    }

    private static boolean addsInPlace(Tensor weight, Tensor x) {
        return weight.hasGrad() && weight.dtype() == x.dtype();
    }

    /** Adds to a parameter's gradient, if it wants one; that has the parameter's type, whatever the products have. */
    static void accumulate(Tensor parameter, Tensor gradient) {
        if (parameter.hasGrad()) {
            parameter.grad().add_(gradient);
        } else if (parameter.requiresGrad()) {
            parameter.setGrad(gradient.to(parameter.dtype()));
        }
    }

    /** Frees the result and what additions kept. */
    void close() {
        y.close();
        low.forEach(Low::close);
    }
}
