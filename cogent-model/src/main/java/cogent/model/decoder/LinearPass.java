package cogent.model.decoder;

import cogent.model.tensor.GradMode;
import cogent.model.tensor.Nn;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Linear layers of one input, their results side by side, with their way back: dx = dy · W, dW = dyᵀ · x. Low-rank
 * additions keep a small graph of their own.
 */
final class LinearPass {
    private final List<Linear> parts;
    private final Tensor y;
    private final List<Low> low = new ArrayList<>();

    /** A low-rank addition to some columns: its input as a leaf and what it gave. */
    private record Low(long from, Tensor leaf, Tensor result) {}

    /** @param x {@code [rows, in]}, in the type of the products */
    LinearPass(List<Linear> parts, Tensor x) {
        this.parts = parts;
        y = Scope.of(() -> Nn.linear(x, weight(), bias()));
        long from = 0;
        for (Linear part : parts) {
            if (part.lowRank() != null) {
                try (var _ = GradMode.on()) {
                    Tensor leaf = x.detach().requiresGrad(true);
                    low.add(new Low(from, leaf, part.lowRank().apply(leaf)));
                }
                Tensor result = low.getLast().result.detach();
                y.narrow(1, from, result.size(1)).add_(result);
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
            addition.result.backward(up.narrow(1, addition.from, addition.result.size(1)));
            gradient.add_(addition.leaf.grad());
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

    /** Frees the result and the graphs. */
    void close() {
        y.close();
        for (Low addition : low) {
            addition.leaf.close();
            addition.result.close();
        }
    }
}
