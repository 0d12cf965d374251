package cogent.model.decoder;

import cogent.model.tensor.DType;
import cogent.model.tensor.Foreach;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a decoder computes its matrix products: in one type, with copies in it of the weights that have another. A copy stays until
 * its weight changes, so that the passes of a step and both their ways share it. Safe for many threads.
 */
final class Products {
    private final DType dtype;
    private final Map<List<Tensor>, Copy> copies = new HashMap<>();

    /** @param versions of the weights when they were copied */
    private record Copy(Tensor weight, List<Long> versions) {}

    Products(DType dtype) {
        this.dtype = dtype;
    }

    DType dtype() {
        return dtype;
    }

    /** In the type of the products; itself where it has that. */
    Tensor converted(Tensor tensor) {
        return tensor.dtype() == dtype ? tensor : tensor.to(dtype);
    }

    /** Weights of layers of one input, one below the other, without a graph: {@code [out of all, in]}. */
    Tensor weight(List<Tensor> weights) {
        Tensor first = weights.getFirst();
        if (first.dtype() != dtype) {
            return copy(weights).detach();
        }
        return weights.size() == 1
                ? first.detach()
                : Tensors.cat(weights.stream().map(Tensor::detach).toList(), 0);
    }

    private synchronized Tensor copy(List<Tensor> weights) {
        Copy copy = copies.computeIfAbsent(List.copyOf(weights), all -> new Copy(room(all), List.of()));
        if (!copy.versions.equals(versions(weights))) {
            copyAllThatChanged(); // one step changes them all
        }
        return copy.weight;
    }

    private Tensor room(List<Tensor> weights) {
        Tensor first = weights.getFirst();
        long rows = weights.stream().mapToLong(weight -> weight.size(0)).sum();
        try (Scope _ = Scope.open()) {
            return Tensors.zeros(first.device(), dtype, rows, first.size(1)).retained();
        }
    }

    private void copyAllThatChanged() {
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            List<Tensor> to = new ArrayList<>();
            List<Tensor> from = new ArrayList<>();
            copies.replaceAll((weights, copy) -> {
                List<Long> now = versions(weights);
                if (copy.versions.equals(now)) {
                    return copy;
                }
                long at = 0;
                for (Tensor weight : weights) {
                    long rows = weight.size(0);
                    to.add(copy.weight.narrow(0, at, rows));
                    from.add(weight);
                    at += rows;
                }
                return new Copy(copy.weight, now);
            });
            Foreach.copy_(to, from);
        }
    }

    private static List<Long> versions(List<Tensor> weights) {
        return weights.stream().map(Tensor::version).toList();
    }

    /** Frees the copies; they are made again when they are asked for. */
    synchronized void close() {
        copies.values().forEach(copy -> copy.weight.close());
        copies.clear();
    }
}
