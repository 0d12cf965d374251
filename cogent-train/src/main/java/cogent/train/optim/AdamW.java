package cogent.train.optim;

import cogent.model.tensor.DType;
import cogent.model.tensor.Foreach;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import cogent.train.forward.TrainableModel;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * AdamW (Loshchilov and Hutter, arXiv 1711.05101) as {@code torch.optim.AdamW} computes it, fused over all parameters.
 * Matrices decay, except those named otherwise; vectors (norms and biases) do not. Two moments of the parameters' size are held.
 */
public final class AdamW implements AutoCloseable {
    /**
     * The parameters that share a weight decay.
     *
     * @param count the number of the step, a scalar
     * @param counts the same for each parameter
     */
    private record Group(
            double weightDecay,
            Foreach.Held parameters,
            Foreach.Held first,
            Foreach.Held second,
            Tensor count,
            Foreach.Held counts) {
        List<Tensor> gradients() {
            return parameters.stream().map(Tensor::grad).toList();
        }

        void close() {
            List.of(parameters, first, second, counts).forEach(Foreach.Held::close);
            count.close();
        }
    }

    private static final String FIRST = ".exp_avg";
    private static final String SECOND = ".exp_avg_sq";

    private final OptimiserSettings settings;
    private final SequencedMap<String, Tensor> moments = new LinkedHashMap<>();
    private final List<Group> groups;
    private int steps;

    /** @param parameters by name; their gradients are read by {@link #step} and scaled by {@link #clip} */
    public AdamW(Map<String, Tensor> parameters, OptimiserSettings settings) {
        this.settings = settings;
        try (Scope _ = Scope.open()) {
            Map<Boolean, List<String>> decayed = parameters.keySet().stream()
                    .collect(Collectors.partitioningBy(
                            name -> Objects.requireNonNull(parameters.get(name)).rank() >= 2
                                    && !TrainableModel.matches(settings.undecayed(), name)));
            parameters.forEach((name, parameter) -> {
                moments.put(name + FIRST, Tensors.zerosLike(parameter).retained());
                moments.put(name + SECOND, Tensors.zerosLike(parameter).retained());
            });
            groups = Stream.of(true, false)
                    .filter(decay ->
                            !Objects.requireNonNull(decayed.get(decay)).isEmpty()) // libtorch takes no empty list
                    .map(decay -> group(
                            decay ? settings.weightDecay() : 0, parameters, Objects.requireNonNull(decayed.get(decay))))
                    .toList();
        }
    }

    private Group group(double weightDecay, Map<String, Tensor> parameters, List<String> names) {
        List<Tensor> all = names.stream().map(parameters::get).toList();
        Tensor count = Tensors.zeros(all.getFirst().device(), DType.F32).retained();
        return new Group(
                weightDecay,
                new Foreach.Held(all),
                new Foreach.Held(
                        names.stream().map(name -> moments.get(name + FIRST)).toList()),
                new Foreach.Held(
                        names.stream().map(name -> moments.get(name + SECOND)).toList()),
                count,
                new Foreach.Held(Collections.nCopies(all.size(), count)));
    }

    /** The L2 norm of all gradients together. */
    public double norm() {
        try (Scope _ = Scope.open()) {
            List<Tensor> gradients =
                    groups.stream().flatMap(group -> group.gradients().stream()).toList();
            return gradients.isEmpty() ? 0 : Foreach.norm(gradients);
        }
    }

    /**
     * Scales the gradients down to {@code maxGradNorm} as {@code torch.nn.utils.clip_grad_norm_} does.
     *
     * @param norm their global L2 norm; where it is not finite, nothing is changed
     */
    public void clip(double norm) {
        double factor = settings.maxGradNorm() / (norm + 1e-6);
        if (factor < 1 && Double.isFinite(norm)) {
            try (Scope _ = Scope.open()) {
                groups.forEach(group -> Foreach.mul_(group.gradients(), factor));
            }
        }
    }

    /** Takes one step against the gradients. */
    public void step(double learningRate) {
        steps++;
        try (Scope _ = Scope.open()) {
            for (Group group : groups) {
                group.count.fill_(steps);
                Foreach.AdamW s = new Foreach.AdamW(
                        learningRate, settings.beta1(), settings.beta2(), settings.eps(), group.weightDecay);
                Foreach.adamw_(s, group.parameters, group.gradients(), group.first, group.second, group.counts);
            }
        }
    }

    /** The moments by name, as torch calls them: {@code NAME.exp_avg}, {@code NAME.exp_avg_sq}. */
    public SequencedMap<String, Tensor> moments() {
        return moments;
    }

    /** Continues after so many steps; the moments are to be copied in by their names. */
    public void resume(int stepsTaken) {
        steps = stepsTaken;
    }

    @Override
    public void close() {
        groups.forEach(Group::close);
        moments.values().forEach(Tensor::close);
    }
}
