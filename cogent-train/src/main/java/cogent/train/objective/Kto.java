package cogent.train.objective;

/**
 * Kahneman-Tversky optimisation (Ethayarajh et al., arXiv 2402.01306, eq. 8), a pair being one desirable and one undesirable
 * completion:
 *
 * <pre>
 *   loss = ½ λ_D (1 − σ(β (log π_θ(chosen)/π_ref(chosen) − z₀))) + ½ λ_U (1 − σ(β (z₀ − log π_θ(rejected)/π_ref(rejected))))
 * </pre>
 *
 * z₀ is the batch's estimate of KL(π_θ ‖ π_ref), {@link PairLogps#kl}, through which no gradient flows. The halves make the
 * mean over pairs the mean over completions, as TRL takes it.
 *
 * @param desirable λ_D, positive
 * @param undesirable λ_U, positive
 */
public record Kto(double desirable, double undesirable) implements Objective {
    public Kto {
        if (!(desirable > 0 && undesirable > 0)) {
            throw new IllegalArgumentException(
                    "KTO's weights must be positive, not " + desirable + " and " + undesirable);
        }
    }

    @Override
    public boolean usesKl() {
        return true;
    }

    @Override
    public PairLoss loss(PairLogps pair) {
        double gain = pair.beta() * (pair.chosenLogRatio() - pair.kl());
        double loss = pair.beta() * (pair.kl() - pair.rejectedLogRatio());
        return new PairLoss(
                0.5 * desirable * Logistic.sigmoid(-gain) + 0.5 * undesirable * Logistic.sigmoid(-loss),
                -0.5 * desirable * pair.beta() * Logistic.sigmoid(gain) * Logistic.sigmoid(-gain),
                0.5 * undesirable * pair.beta() * Logistic.sigmoid(loss) * Logistic.sigmoid(-loss),
                pair.beta() * pair.chosenLogRatio(),
                pair.beta() * pair.rejectedLogRatio());
    }
}
