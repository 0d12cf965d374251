package cogent.train.optim;

/** How the learning rate moves after its linear warm-up. */
public enum Schedule {
    /** Stays at its peak. */
    CONSTANT,
    /** Falls in a straight line to 0 at the last step. */
    LINEAR,
    /** Falls along half a cosine to 0 at the last step. */
    COSINE,
    /** Warm-up, stable, decay (Hu et al., arXiv 2404.06395): stays at its peak, then falls in a straight line to 0. */
    WSD;

    /**
     * The factor on the peak learning rate, as transformers' schedules give it for that step.
     *
     * @param step steps already taken, from 0
     * @param warmupSteps steps over which the factor rises from 0 towards 1
     * @param decaySteps {@link #WSD}: steps over which it falls at the end
     * @param totalSteps steps of the whole run
     */
    public double factor(int step, int warmupSteps, int decaySteps, int totalSteps) {
        if (step < warmupSteps) {
            return (double) step / warmupSteps;
        }
        double done = (double) (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps);
        return switch (this) {
            case CONSTANT -> 1;
            case LINEAR -> Math.max(0, 1 - done);
            case COSINE -> 0.5 * (1 + Math.cos(Math.PI * Math.min(1, done)));
            case WSD -> Math.clamp((double) (totalSteps - step) / Math.max(1, decaySteps), 0, 1);
        };
    }
}
