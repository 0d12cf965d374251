package cogent.train.objective;

/**
 * Contrastive preference optimisation (Xu et al., arXiv 2401.08417, eq. 5), DPO without a reference:
 * {@code −log σ(β (log π_θ(chosen) − log π_θ(rejected)))}. The paper adds the NLL of the chosen side: see
 * {@link ChosenNll}.
 *
 * @param beta β, positive; the paper uses 0.1
 */
public record Cpo(double beta) implements ReferenceFree {
    public Cpo {
        if (!(beta > 0)) {
            throw new IllegalArgumentException("CPO needs beta > 0, not " + beta);
        }
    }

    @Override
    public PairLoss loss(PairLogps pair) {
        double z = beta * (pair.chosen() - pair.rejected());
        double dz = -Logistic.sigmoid(-z);
        return new PairLoss(
                -Logistic.logSigmoid(z), dz * beta, -dz * beta, beta * pair.chosen(), beta * pair.rejected());
    }
}
