package cogent.train.objective;

/**
 * Cognitive preference optimisation (Cai et al., arXiv 2504.09802): DPO with β of the pair's cognitive gap,
 *
 * <pre>
 *   h    = log π_θ(chosen)/π_ref(chosen) − log π_θ(rejected)/π_ref(rejected)
 *   loss = −(1−ε) log σ(β h) − ε log σ(−β h)
 * </pre>
 *
 * With one constant β and ε = 0 this is DPO (Rafailov et al., arXiv 2305.18290, eq. 7); ε > 0 is conservative DPO
 * (Mitchell 2023). A {@link Divergence} other than the reverse KL replaces each log-ratio by its term.
 *
 * @param labelSmoothing ε, the share of pairs believed to be the wrong way round, 0 to below 0.5
 */
public record CogPo(double labelSmoothing, Divergence divergence) implements Objective {
    public CogPo {
        if (!(labelSmoothing >= 0 && labelSmoothing < 0.5)) {
            throw new IllegalArgumentException("label smoothing must be 0 to below 0.5, not " + labelSmoothing);
        }
    }

    /** The paper's: no smoothing, reverse KL. */
    public CogPo() {
        this(0, new Divergence.ReverseKl());
    }

    @Override
    public PairLoss loss(PairLogps pair) {
        double chosen = pair.chosenLogRatio();
        double rejected = pair.rejectedLogRatio();
        double z = pair.beta() * (divergence.term(chosen) - divergence.term(rejected));
        double loss = -(1 - labelSmoothing) * Logistic.logSigmoid(z) - labelSmoothing * Logistic.logSigmoid(-z);
        double dz = -(1 - labelSmoothing) * Logistic.sigmoid(-z) + labelSmoothing * Logistic.sigmoid(z);
        return new PairLoss(
                loss,
                dz * pair.beta() * divergence.slope(chosen),
                -dz * pair.beta() * divergence.slope(rejected),
                pair.beta() * chosen,
                pair.beta() * rejected);
    }
}
