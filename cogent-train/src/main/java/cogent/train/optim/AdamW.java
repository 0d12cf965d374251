package cogent.train.optim;

import cogent.model.tensor.DType;
import cogent.model.tensor.Foreach;
import cogent.model.tensor.Scope;
import cogent.model.tensor.Tensor;
import cogent.model.tensor.Tensors;
import cogent.train.forward.TrainableModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * AdamW (Loshchilov and Hutter, arXiv 1711.05101) as {@code torch.optim.AdamW} computes it, fused over all parameters.
 * Matrices decay, except those named otherwise; vectors (norms and biases) do not. Two moments of the parameters' size are held.
 */
public final class AdamW implements AutoCloseable {
    /** The parameters that share a weight decay. */
    private record Group(double weightDecay, List<Tensor> parameters, List<Tensor> first, List<Tensor> second) {
        Group(double weightDecay) {
            this(weightDecay, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }
    }

    private final OptimiserSettings settings;
    private final SequencedMap<String, Tensor> moments = new LinkedHashMap<>();
    private final Group matrices;
    private final Group vectors;
    private int steps;

    /** @param parameters by name; their gradients are read by {@link #step} and {@link #clip} */
    public AdamW(Map<String, Tensor> parameters, OptimiserSettings settings) {
        this.settings = settings;
        this.matrices = new Group(settings.weightDecay());
        this.vectors = new Group(0);
        try (Scope _ = Scope.open()) {
            parameters.forEach((name, parameter) -> {
                Group group = parameter.rank() >= 2 && !TrainableModel.matches(settings.undecayed(), name)
                        ? matrices
                        : vectors;
                group.parameters().add(parameter);
                group.first().add(moment(name + ".exp_avg", parameter));
                group.second().add(moment(name + ".exp_avg_sq", parameter));
            });
        }
    }

    private Tensor moment(String name, Tensor parameter) {
        Tensor moment = Tensors.zerosLike(parameter).retained();
        moments.put(name, moment);
        return moment;
    }

    /**
     * Scales the gradients down to {@code maxGradNorm} as {@code torch.nn.utils.clip_grad_norm_} does.
     *
     * @return the global L2 norm before scaling; where it is not finite, nothing was changed
     */
    public double clip() {
        try (Scope _ = Scope.open()) {
            List<Tensor> gradients = new ArrayList<>(gradients(matrices));
            gradients.addAll(gradients(vectors));
            double norm = Foreach.norm(gradients);
            double factor = settings.maxGradNorm() / (norm + 1e-6);
            if (factor < 1 && Double.isFinite(norm)) {
                Foreach.mul_(gradients, factor);
            }
            return norm;
        }
    }

    /** Takes one step against the gradients. */
    public void step(double learningRate) {
        steps++;
        try (Scope _ = Scope.open()) {
            for (Group group : List.of(matrices, vectors)) {
                if (group.parameters().isEmpty()) {
                    continue; // libtorch takes no empty list
                }
                Tensor count = Tensors.of(new float[] {steps})
                        .to(group.parameters().getFirst().device(), DType.F32);
                Foreach.AdamW s = new Foreach.AdamW(
                        learningRate, settings.beta1(), settings.beta2(), settings.eps(), group.weightDecay());
                List<Tensor> counts =
                        group.parameters().stream().map(_ -> count).toList();
                Foreach.adamw_(s, group.parameters(), gradients(group), group.first(), group.second(), counts);
            }
        }
    }

    private static List<Tensor> gradients(Group group) {
        return group.parameters().stream().map(Tensor::grad).toList();
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
        moments.values().forEach(Tensor::close);
    }
}
