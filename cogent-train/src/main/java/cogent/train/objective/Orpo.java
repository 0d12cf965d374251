package cogent.train.objective;

/**
 * The odds-ratio term of ORPO (Hong et al., arXiv 2403.07691, eq. 6–7), without a reference. With p the geometric mean
 * probability of a completion's tokens and odds = p / (1 − p):
 *
 * <pre>  loss = −λ log σ( log odds(chosen) − log odds(rejected) )</pre>
 *
 * ORPO proper adds the NLL of the chosen side with weight 1: see {@link ChosenNll}.
 *
 * @param lambda λ, positive; the paper uses 0.1
 */
public record Orpo(double lambda) implements ReferenceFree {
    /** A completion predicted with certainty has infinite odds; rounding in the model cannot tell nearer than this. */
    private static final double NEAREST_TO_CERTAIN = -1e-7;

    public Orpo {
        if (!(lambda > 0)) {
            throw new IllegalArgumentException("ORPO needs lambda > 0, not " + lambda);
        }
    }

    @Override
    public PairLoss loss(PairLogps pair) {
        double chosen = Math.min(pair.chosenMean(), NEAREST_TO_CERTAIN);
        double rejected = Math.min(pair.rejectedMean(), NEAREST_TO_CERTAIN);
        // log odds = x − log(1 − eˣ), with slope 1 / (1 − eˣ)
        double chosenRest = -Math.expm1(chosen);
        double rejectedRest = -Math.expm1(rejected);
        double z = chosen - rejected - (Math.log(chosenRest) - Math.log(rejectedRest));
        double dz = -lambda * Logistic.sigmoid(-z);
        return new PairLoss(
                -lambda * Logistic.logSigmoid(z),
                dz / chosenRest / pair.chosenTokens(),
                -dz / rejectedRest / pair.rejectedTokens(),
                lambda * pair.chosenMean(),
                lambda * pair.rejectedMean());
    }
}
