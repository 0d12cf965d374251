package cogent.train.forward;

import cogent.model.decoder.LanguageModel;
import cogent.train.rows.Example;
import java.util.List;

/**
 * How a completion looks to a student that has not seen it. A rationale teaches most when its tokens are surprising, yet among
 * those that the student would think of: the rank-surprisal ratio (Yang et al., arXiv 2601.14249)
 *
 * <pre>  Σ min(rank, 100) / Σ −log p        over completion tokens; rank 1 is the likeliest; lower is better</pre>
 *
 * @param ratio above 0; infinite where nothing surprises, or there is nothing
 * @param impossible share of the tokens, 0 to 1, that the student finds less likely than a bound: those at which reverse
 *     speculative decoding (arXiv 2509.22230) would not follow the teacher
 * @param tokens of the completion
 */
public record RankSurprisal(double ratio, double impossible, int tokens) {
    /** The paper's r_max: how far down the list a token lies beyond it says nothing more. */
    private static final int MOST_RANK = 100;

    /**
     * Measures rows, in their order.
     *
     * @param possible the bound of {@link #impossible}, a probability
     * @param microBatchTokens tokens that go through the model at once
     */
    public static List<RankSurprisal> of(
            LanguageModel student, List<Example> rows, double possible, int microBatchTokens) {
        return TokenRanks.of(student, rows, microBatchTokens).stream()
                .map(tokens -> of(tokens, 0, tokens.logps().length, possible))
                .toList();
    }

    /** Of a part of a completion: its tokens from one to before another. */
    public static RankSurprisal of(TokenRanks tokens, int from, int to, double possible) {
        double rank = 0;
        double surprisal = 0;
        int impossible = 0;
        for (int i = from; i < to; i++) {
            rank += Math.min(tokens.ranks()[i], MOST_RANK);
            surprisal -= tokens.logps()[i];
            impossible += tokens.logps()[i] < Math.log(possible) ? 1 : 0;
        }
        return to == from
                ? new RankSurprisal(Double.POSITIVE_INFINITY, 0, 0)
                : new RankSurprisal(rank / surprisal, (double) impossible / (to - from), to - from);
    }
}
