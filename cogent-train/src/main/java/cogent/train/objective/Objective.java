package cogent.train.objective;

/**
 * A preference objective; the loss of a batch is the mean over its pairs. One of your own is a record that implements
 * this: hand it to {@link cogent.train.loop.AlignSettings#withObjective}, or write its class name into a recipe.
 */
@FunctionalInterface
public interface Objective {
    /** Loss, derivatives and implicit rewards of one pair. */
    PairLoss loss(PairLogps pair);

    /** Whether log-probabilities of a frozen reference are needed; without them those of the pair are NaN. */
    default boolean usesReference() {
        return true;
    }

    /** Whether the β of each pair counts; false where the objective has one of its own, or none. */
    default boolean usesPairBetas() {
        return true;
    }

    /** Whether {@link PairLogps#kl} is needed: one more pass without gradient over completions of other prompts. */
    default boolean usesKl() {
        return false;
    }

    /**
     * What tells this objective and its settings from others: a checkpoint is continued only with the same. Of a record
     * its text; a class of another kind that has settings must name them here.
     */
    default String identity() {
        return getClass().isRecord() ? toString() : getClass().getName();
    }
}
