package cogent.train.optim;

import cogent.data.InputException;
import cogent.train.forward.TrainableModel;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * AdamW, its learning rate and clipping.
 *
 * @param learningRate the peak, above 0
 * @param schedule what follows the warm-up
 * @param warmup share of all steps over which the learning rate rises, 0 to 1
 * @param weightDecay decoupled weight decay of matrices; vectors (norms, biases) have none
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param eps added to the root of the second moment
 * @param maxGradNorm gradients are scaled down to this global L2 norm; infinity: never
 * @param decay share of all steps over which {@link Schedule#WSD} falls, 0 to 1; the others do not look at it
 * @param undecayed names of further parameters without weight decay, in which * stands for anything
 */
public record OptimiserSettings(
        double learningRate,
        Schedule schedule,
        double warmup,
        double weightDecay,
        double beta1,
        double beta2,
        double eps,
        double maxGradNorm,
        double decay,
        List<String> undecayed) {
    public OptimiserSettings {
        require(learningRate > 0 && Double.isFinite(learningRate), "learning rate", learningRate);
        require(warmup >= 0 && warmup <= 1, "warm-up share", warmup);
        require(weightDecay >= 0 && weightDecay < 1, "weight decay", weightDecay);
        require(beta1 >= 0 && beta1 < 1, "beta1", beta1);
        require(beta2 >= 0 && beta2 < 1, "beta2", beta2);
        require(eps > 0, "eps", eps);
        require(maxGradNorm > 0, "gradient norm limit", maxGradNorm);
        require(decay >= 0 && decay <= 1, "decay share", decay);
        undecayed = List.copyOf(undecayed);
    }

    /** Warm-up over a tenth of the steps, cosine, weight decay 0.05, betas 0.9 and 0.999, gradients clipped at 1. */
    public static OptimiserSettings of(double learningRate) {
        return new OptimiserSettings(learningRate, Schedule.COSINE, 0.1, 0.05, 0.9, 0.999, 1e-8, 1, 0.1, List.of());
    }

    /**
     * Looks whether every undecayed name means something.
     *
     * @param parameters the names of what is trained
     * @throws InputException when one fits none of them
     */
    public void requireKnown(Collection<String> parameters) {
        for (String pattern : undecayed) {
            if (parameters.stream().noneMatch(name -> TrainableModel.matches(List.of(pattern), name))) {
                throw new InputException("no_decay: no weight that is trained is called " + pattern
                        + "; there are, for instance, "
                        + parameters.stream().limit(4).collect(Collectors.joining(", ")));
            }
        }
    }

    /** The learning rate of a step, from 0. */
    public double learningRate(int step, int totalSteps) {
        int warmupSteps = (int) Math.ceil(warmup * totalSteps);
        int decaySteps = (int) Math.ceil(decay * totalSteps);
        return learningRate * schedule.factor(step, warmupSteps, decaySteps, totalSteps);
    }

    private static void require(boolean sound, String name, double value) {
        if (!sound) {
            throw new IllegalArgumentException("a " + name + " of " + value + " makes no sense");
        }
    }
}
