package cogent.train.objective;

/**
 * Identity preference optimisation (Azar et al., arXiv 2310.12036, eq. 17): {@code (h − 1/(2β))²}, h as in
 * {@link CogPo}. Rewards are of sums either way, as TRL reports them.
 *
 * @param perToken true: log-ratios are divided by their completion's length first, as TRL does; false: sums, as the
 *     paper writes it
 */
public record Ipo(boolean perToken) implements Objective {
    @Override
    public PairLoss loss(PairLogps pair) {
        double chosenScale = perToken ? 1.0 / pair.chosenTokens() : 1;
        double rejectedScale = perToken ? 1.0 / pair.rejectedTokens() : 1;
        double chosen = pair.chosenLogRatio() * chosenScale;
        double rejected = pair.rejectedLogRatio() * rejectedScale;
        double distance = chosen - rejected - 1 / (2 * pair.beta());
        return new PairLoss(
                distance * distance,
                2 * distance * chosenScale,
                -2 * distance * rejectedScale,
                pair.beta() * pair.chosenLogRatio(),
                pair.beta() * pair.rejectedLogRatio());
    }
}
