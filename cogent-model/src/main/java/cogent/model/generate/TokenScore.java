package cogent.model.generate;

import java.util.List;

/**
 * How probable the model found a token in its place, at temperature 1 and before any penalty.
 *
 * @param logprob natural logarithm; NaN for the first token of a prompt, which nothing stands before
 * @param top the most probable tokens in its place, most probable first
 */
public record TokenScore(int id, double logprob, List<Candidate> top) {
    public TokenScore {
        top = List.copyOf(top);
    }

    /** A token that could stand in the place. */
    public record Candidate(int id, double logprob) {}
}
