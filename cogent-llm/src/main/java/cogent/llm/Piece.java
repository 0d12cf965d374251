package cogent.llm;

import java.util.List;

/**
 * A part of a reply under way.
 *
 * @param text may be empty
 * @param logprobs of the tokens since the piece before; empty where nobody asked for them
 */
public record Piece(String text, List<TokenLogprob> logprobs) {
    public Piece {
        logprobs = List.copyOf(logprobs);
    }

    public static Piece of(String text) {
        return new Piece(text, List.of());
    }
}
