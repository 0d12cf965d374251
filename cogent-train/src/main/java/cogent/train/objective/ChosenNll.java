package cogent.train.objective;

/**
 * The negative log-likelihood of the chosen side, added to any objective so that its probability cannot sink while the
 * margin grows: RPO's term (Pang et al., arXiv 2404.19733, eq. 1), CPO's and ORPO's as well.
 *
 * @param weight α ≥ 0; 0 adds nothing
 * @param per what the log-probability is divided by
 */
public record ChosenNll(double weight, Per per) {
    /** No such term. */
    public static final ChosenNll NONE = new ChosenNll(0, Per.TOKEN);

    /** The two means in use. */
    public enum Per {
        /** One mean over all chosen tokens of the batch, as TRL does. */
        TOKEN,
        /** Each pair's own mean over its tokens, as the papers write it. */
        PAIR
    }

    public ChosenNll {
        if (!(weight >= 0) || Double.isInfinite(weight)) {
            throw new IllegalArgumentException("the NLL weight must be 0 or more, not " + weight);
        }
    }

    /**
     * Adds the term to the loss of a pair, such that the mean over the batch's pairs is the mean that {@link #per} says.
     *
     * @param meanChosenTokens chosen tokens of the whole batch ÷ its pairs
     */
    public PairLoss addTo(PairLoss loss, PairLogps pair, double meanChosenTokens) {
        double slope = -weight / (per == Per.TOKEN ? meanChosenTokens : pair.chosenTokens());
        return new PairLoss(
                loss.loss() + slope * pair.chosen(),
                loss.dChosen() + slope,
                loss.dRejected(),
                loss.chosenReward(),
                loss.rejectedReward());
    }
}
