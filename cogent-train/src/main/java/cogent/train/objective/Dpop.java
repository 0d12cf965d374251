package cogent.train.objective;

/**
 * DPO-Positive (Pal et al., "Smaug", arXiv 2402.13228, eq. 3): DPO whose margin pays λ for every nat by which the chosen
 * side has become less probable than it was under the reference, the guard for pairs that differ in few tokens,
 *
 * <pre>  loss = −log σ( β (h − λ max(0, log π_ref(chosen)/π_θ(chosen))) )</pre>
 *
 * h as in {@link CogPo}. At the kink, where policy and reference agree as far as rounding lets them, the penalty's slope is
 * taken as 0: before the first step they are one model, and what else is computed beside a pair would decide whether λ counts.
 * Rewards and margin are DPO's, without the penalty.
 *
 * @param lambda λ ≥ 0; the paper uses 50; 0 is CogPO, with one constant β DPO
 */
public record Dpop(double lambda) implements Objective {
    /** By this share of itself a sum of log-probabilities may differ through rounding alone. */
    private static final double ROUNDING = 1e-5;

    public Dpop {
        if (!(lambda >= 0) || Double.isInfinite(lambda)) {
            throw new IllegalArgumentException("DPOP needs lambda >= 0, not " + lambda);
        }
    }

    @Override
    public PairLoss loss(PairLogps pair) {
        double chosen = pair.chosenLogRatio();
        double rejected = pair.rejectedLogRatio();
        boolean sunk = chosen < -ROUNDING * Math.abs(pair.refChosen());
        double z = pair.beta() * (chosen - rejected + lambda * Math.min(0, chosen));
        double dz = -Logistic.sigmoid(-z);
        return new PairLoss(
                -Logistic.logSigmoid(z),
                dz * pair.beta() * (sunk ? 1 + lambda : 1),
                -dz * pair.beta(),
                pair.beta() * chosen,
                pair.beta() * rejected);
    }
}
