package cogent.train.objective;

/**
 * Self-play preference optimisation (Wu et al., arXiv 2405.00675, eq. 4.7) with the winner's probability taken as 1 and the
 * loser's as 0, TRL's {@code sppo_hard}: each log-ratio is drawn to its own end, so that the chosen side cannot sink while
 * the margin grows,
 *
 * <pre>  loss = (log π_θ(chosen)/π_ref(chosen) − 1/(2β))² + (log π_θ(rejected)/π_ref(rejected) + 1/(2β))²</pre>
 */
public record Sppo() implements Objective {
    @Override
    public PairLoss loss(PairLogps pair) {
        double end = 1 / (2 * pair.beta());
        double chosen = pair.chosenLogRatio();
        double rejected = pair.rejectedLogRatio();
        return new PairLoss(
                (chosen - end) * (chosen - end) + (rejected + end) * (rejected + end),
                2 * (chosen - end),
                2 * (rejected + end),
                pair.beta() * chosen,
                pair.beta() * rejected);
    }
}
