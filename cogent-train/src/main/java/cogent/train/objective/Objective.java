package cogent.train.objective;

/** A preference objective; the loss of a batch is the mean over its pairs. */
public sealed interface Objective permits CogPo, Dpop, Ipo, Hinge, SimPo, Orpo, Cpo {
    /** Loss, derivatives and implicit rewards of one pair. */
    PairLoss loss(PairLogps pair);

    /** Whether log-probabilities of a frozen reference are needed. */
    default boolean usesReference() {
        return true;
    }
}
