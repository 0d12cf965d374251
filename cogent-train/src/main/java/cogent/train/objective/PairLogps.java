package cogent.train.objective;

/**
 * What an objective knows of one pair.
 *
 * @param chosen log π_θ(chosen | prompt), summed over completion tokens, in nats
 * @param rejected log π_θ(rejected | prompt), summed likewise
 * @param refChosen the same under the frozen reference; NaN where no reference is used
 * @param refRejected the same under the frozen reference; NaN where no reference is used
 * @param chosenTokens number of tokens of the chosen completion, at least 1
 * @param rejectedTokens number of tokens of the rejected completion, at least 1
 * @param beta β of this pair, positive
 * @param kl the batch's estimate of KL(π_θ ‖ π_ref) in nats, at least 0; NaN where the objective does not ask for it
 */
public record PairLogps(
        double chosen,
        double rejected,
        double refChosen,
        double refRejected,
        int chosenTokens,
        int rejectedTokens,
        double beta,
        double kl) {
    /** For objectives that need no {@link #kl}. */
    public PairLogps(
            double chosen,
            double rejected,
            double refChosen,
            double refRejected,
            int chosenTokens,
            int rejectedTokens,
            double beta) {
        this(chosen, rejected, refChosen, refRejected, chosenTokens, rejectedTokens, beta, Double.NaN);
    }

    /** log π_θ/π_ref of the chosen completion. */
    public double chosenLogRatio() {
        return chosen - refChosen;
    }

    /** log π_θ/π_ref of the rejected completion. */
    public double rejectedLogRatio() {
        return rejected - refRejected;
    }

    /** Mean log-probability of a chosen token. */
    public double chosenMean() {
        return chosen / chosenTokens;
    }

    /** Mean log-probability of a rejected token. */
    public double rejectedMean() {
        return rejected / rejectedTokens;
    }
}
