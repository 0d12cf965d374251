package cogent.train.parallel;

import cogent.model.tensor.DType;
import cogent.model.tensor.GradMode;
import cogent.model.tensor.Ranks;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import cogent.train.forward.TrainableModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;

/**
 * Every rank keeps the gradients of its own rows of every parameter (reduce-scatter), moves those, and gives them to the
 * others (all-gather): gradients and the optimiser's state lie on each rank for its rows only. ZeRO stage 2 (Rajbhandari et
 * al., arXiv 1910.02054), cut as FSDP2 cuts. Whole gradients of a bucket live from its layers' backward to its sum.
 */
final class Shards implements BucketSum, AutoCloseable {
    private final TrainableModel model;
    private final SequencedMap<String, Tensor> own = new LinkedHashMap<>();
    private final Ranks ranks;

    Shards(TrainableModel model, Ranks ranks) {
        this.model = model;
        this.ranks = ranks;
        try (Scope _ = Scope.open()) {
            RowRange.own(model.parameters(), ranks).forEach((name, rows) -> own.put(name, rows.retained()));
        }
    }

    /** This rank's rows of the parameters: views, whose gradients are the sums since {@link #clear}. */
    SequencedMap<String, Tensor> own() {
        return own;
    }

    /** Forgets the sums. */
    void clear() {
        own.values().forEach(Tensor::clearGrad);
    }

    @Override
    public Ranks.Pending begin(List<String> names) {
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            Tensor all = Tensors.cat(
                    names.stream().map(name -> byRank(parameter(name))).toList(), 1);
            names.forEach(name -> model.clearGradient(parameter(name))); // the next pass begins a new one
            Tensor sums = Tensors.zeros(all.device(), DType.F32, all.size(1)).retained();
            Ranks.Pending scattered = ranks.reduceScatter(all, sums);
            return () -> {
                try (sums) {
                    scattered.await();
                    add(names, sums);
                }
            };
        }
    }

    /** To what earlier passes of the step gave. */
    private void add(List<String> names, Tensor sums) {
        try (Scope _ = Scope.open();
                var _ = GradMode.off()) {
            long from = 0;
            for (String name : names) {
                Tensor rows = own.get(name);
                if (rows != null) {
                    Tensor sum = sums.narrow(0, from, rows.numel()).view(rows.shape());
                    if (rows.hasGrad()) {
                        rows.grad().add_(sum);
                    } else {
                        rows.setGrad(sum);
                    }
                }
                from += each(parameter(name));
            }
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
        return Objects.requireNonNull(model.parameters().get(name));
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
