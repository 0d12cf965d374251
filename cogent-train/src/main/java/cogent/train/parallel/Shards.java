package cogent.train.parallel;

import cogent.model.tensor.DType;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Ranks;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;

/**
 * Every rank gets the gradients of its own rows of every parameter (reduce-scatter), moves those, and gives them to the
 * others (all-gather): the optimiser's state lies on each rank for its rows only. ZeRO stage 1 (Rajbhandari et al.,
 * arXiv 1910.02054), cut as FSDP2 cuts; whole gradients are freed as soon as they are summed.
 */
final class Shards implements BucketSum, AutoCloseable {
    private final SequencedMap<String, Tensor> parameters;
    private final SequencedMap<String, Tensor> own = new LinkedHashMap<>();
    private final Ranks ranks;

    Shards(SequencedMap<String, Tensor> parameters, Ranks ranks) {
        this.parameters = parameters;
        this.ranks = ranks;
        try (Scope _ = Scope.open()) {
            RowRange.own(parameters, ranks).forEach((name, rows) -> own.put(name, rows.retained()));
        }
    }

    /** This rank's rows of the parameters: views, whose gradients are those summed last. */
    SequencedMap<String, Tensor> own() {
        return own;
    }

    @Override
    public Ranks.Pending begin(List<String> names) {
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            Tensor all = Tensors.cat(
                    names.stream().map(name -> byRank(parameter(name))).toList(), 1);
            names.forEach(name -> parameter(name).clearGrad());
            Tensor sums = Tensors.zeros(all.device(), DType.F32, all.size(1));
            long from = 0;
            for (String name : names) {
                long each = each(parameter(name));
                Tensor rows = own.get(name);
                if (rows != null) {
                    rows.setGrad(sums.narrow(0, from, rows.numel()).view(rows.shape()));
                }
                from += each;
            }
            return ranks.reduceScatter(all, sums);
        }
    }

    /** Brings what each rank has moved to all others. */
    void gather(List<String> names) {
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            long width = names.stream().mapToLong(name -> each(parameter(name))).sum();
            Tensor mine = Tensors.zeros(parameter(names.getFirst()).device(), DType.F32, width);
            Tensor all = Tensors.zeros(mine.device(), DType.F32, ranks.count(), width);
            long from = 0;
            for (String name : names) {
                Tensor rows = own.get(name);
                if (rows != null) {
                    mine.narrow(0, from, rows.numel()).copy_(rows.reshape(-1));
                }
                from += each(parameter(name));
            }
            ranks.allGather(mine, all).await();
            from = 0;
            for (String name : names) {
                Tensor parameter = parameter(name).detach();
                long each = each(parameter);
                Tensor flat = all.narrow(1, from, each).reshape(-1).narrow(0, 0, parameter.numel());
                parameter.copy_(flat.view(parameter.shape()));
                from += each;
            }
        }
    }

    private Tensor parameter(String name) {
        return Objects.requireNonNull(parameters.get(name));
    }

    /** Elements of a rank's rows, padding included. */
    private long each(Tensor parameter) {
        return Math.ceilDiv(parameter.size(0), ranks.count()) * (parameter.numel() / parameter.size(0));
    }

    /** A gradient as {@code [ranks, each]}, padded with zeros. */
    private Tensor byRank(Tensor parameter) {
        Tensor flat = Replicas.flatGradient(parameter);
        long padding = each(parameter) * ranks.count() - flat.numel();
        Tensor whole =
                padding == 0 ? flat : Tensors.cat(List.of(flat, Tensors.zeros(flat.device(), DType.F32, padding)), 0);
        return whole.view(ranks.count(), each(parameter));
    }

    @Override
    public void close() {
        own.values().forEach(Tensor::close);
    }
}
