package cogent.local;

import cogent.llm.TokenLogprob;
import cogent.llm.TokenLogprob.Candidate;
import cogent.model.generate.TokenScore;
import cogent.model.text.TokenBytes;
import java.util.List;

/** The tokens of one reply as its reader knows them: by their text and where it begins. For one thread. */
final class TokenScores {
    /** Least that is told: JSON knows no infinity. */
    private static final double LEAST = -9999;

    private final TokenBytes tokens;
    private final String prompt;
    private final int added;
    private final int promptTokens;
    private int count;
    private int characters;
    private int missing;

    /**
     * @param prompt the prompt's text where it is a part of the reply, else empty
     * @param added tokens at its beginning that the tokenizer put there and the text has not
     * @param promptTokens 0 where it is no part of the reply
     */
    TokenScores(TokenBytes tokens, String prompt, int added, int promptTokens) {
        this.tokens = tokens;
        this.prompt = prompt;
        this.added = added;
        this.promptTokens = promptTokens;
    }

    String prompt() {
        return prompt;
    }

    /** Takes them one after the other, the prompt's first. */
    TokenLogprob next(TokenScore score) {
        int offset = missing > 0 ? characters - 1 : characters;
        boolean written = count < promptTokens ? count >= added : !tokens.isSpecial(score.id());
        if (written) {
            byte[] bytes = tokens.of(score.id());
            // SentencePiece puts a space before a text that begins with none
            boolean leading = count == added && bytes.length > 0 && bytes[0] == ' ' && count < promptTokens;
            for (int i = leading && !prompt.startsWith(" ") ? 1 : 0; i < bytes.length; i++) {
                advance(bytes[i]);
            }
        }
        count++;
        List<Candidate> top = score.top().stream()
                .map(candidate -> candidate(candidate.id(), candidate.logprob()))
                .toList();
        return new TokenLogprob(candidate(score.id(), score.logprob()), offset, top);
    }

    private void advance(byte one) {
        boolean continues = (one & 0xC0) == 0x80;
        if (continues && missing > 0) {
            missing--;
        } else {
            characters++;
            missing = continues ? 0 : Math.max(0, Integer.numberOfLeadingZeros(~one << 24) - 1);
        }
    }

    private Candidate candidate(int id, double logprob) {
        double told = Math.max(LEAST, logprob);
        return tokens.isSpecial(id)
                ? new Candidate(tokens.spelling(id), List.of(), told)
                : Candidate.of(tokens.of(id), told);
    }
}
