package cogent.train.parallel;

import cogent.model.tensor.Ranks;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;

/** Every rank gets the whole gradient: an all-reduce of a flat copy, in whose place the gradients then are views. */
record Replicas(SequencedMap<String, Tensor> parameters, Ranks ranks) implements BucketSum {
    @Override
    public Ranks.Pending begin(List<String> names) {
        try (Scope _ = Scope.open()) {
            List<Tensor> bucket = names.stream()
                    .map(name -> Objects.requireNonNull(parameters.get(name)))
                    .toList();
            Tensor flat =
                    Tensors.cat(bucket.stream().map(Replicas::flatGradient).toList(), 0);
            long from = 0;
            for (Tensor parameter : bucket) {
                parameter.setGrad(flat.narrow(0, from, parameter.numel()).view(parameter.shape()));
                from += parameter.numel();
            }
            return ranks.sum(flat);
        }
    }

    /** Zeros where this rank had no row. */
    static Tensor flatGradient(Tensor parameter) {
        return (parameter.hasGrad()
                        ? parameter.grad()
                        : Tensors.zerosLike(parameter).detach())
                .reshape(-1);
    }
}
