package cogent.train.objective;

/**
 * The loss of one pair, with what backward and the metrics need.
 *
 * @param loss the loss of this pair, before any mean over pairs
 * @param dChosen ∂loss / ∂ {@link PairLogps#chosen}
 * @param dRejected ∂loss / ∂ {@link PairLogps#rejected}
 * @param chosenReward implicit reward of the chosen completion, as TRL reports it
 * @param rejectedReward implicit reward of the rejected completion
 */
public record PairLoss(double loss, double dChosen, double dRejected, double chosenReward, double rejectedReward) {
    /** The same loss counted so many times; rewards do not change. */
    public PairLoss times(double weight) {
        return new PairLoss(weight * loss, weight * dChosen, weight * dRejected, chosenReward, rejectedReward);
    }

    /** Chosen reward minus rejected reward. */
    public double margin() {
        return chosenReward - rejectedReward;
    }
}
