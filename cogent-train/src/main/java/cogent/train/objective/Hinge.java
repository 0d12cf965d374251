package cogent.train.objective;

/**
 * The hinge loss of SLiC (Zhao et al., arXiv 2305.10425) on DPO's margin, as TRL computes it: {@code max(0, 1 − β h)},
 * h as in {@link CogPo}.
 */
public record Hinge() implements Objective {
    @Override
    public PairLoss loss(PairLogps pair) {
        double z = pair.beta() * (pair.chosenLogRatio() - pair.rejectedLogRatio());
        double dz = z < 1 ? -1 : 0;
        return new PairLoss(
                Math.max(0, 1 - z),
                dz * pair.beta(),
                -dz * pair.beta(),
                pair.beta() * pair.chosenLogRatio(),
                pair.beta() * pair.rejectedLogRatio());
    }
}
