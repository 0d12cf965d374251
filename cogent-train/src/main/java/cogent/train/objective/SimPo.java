package cogent.train.objective;

/**
 * Simple preference optimisation (Meng et al., arXiv 2405.14734, eq. 6), without a reference:
 *
 * <pre>  loss = −log σ( β (mean log π_θ(chosen) − mean log π_θ(rejected)) − γ )</pre>
 *
 * Its β multiplies means over tokens, so it has one of its own; the pairs' β are not used.
 *
 * @param beta β, positive; the paper uses 2 to 10
 * @param gamma γ, the margin asked for; the paper uses 0.3 to 1.6
 */
public record SimPo(double beta, double gamma) implements ReferenceFree {
    public SimPo {
        if (!(beta > 0) || !Double.isFinite(gamma)) {
            throw new IllegalArgumentException("SimPO needs beta > 0 and a finite gamma, not " + beta + ", " + gamma);
        }
    }

    @Override
    public PairLoss loss(PairLogps pair) {
        double z = beta * (pair.chosenMean() - pair.rejectedMean()) - gamma;
        double dz = -Logistic.sigmoid(-z);
        return new PairLoss(
                -Logistic.logSigmoid(z),
                dz * beta / pair.chosenTokens(),
                -dz * beta / pair.rejectedTokens(),
                beta * pair.chosenMean(),
                beta * pair.rejectedMean());
    }
}
