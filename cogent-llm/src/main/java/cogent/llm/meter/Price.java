package cogent.llm.meter;

import cogent.data.InputException;
import cogent.llm.ChatReply;

/**
 * What tokens cost, in whatever currency the user counts in.
 *
 * @param promptPerMillion for 10^6 prompt tokens
 * @param completionPerMillion for 10^6 completion tokens, thinking included
 */
public record Price(double promptPerMillion, double completionPerMillion) {
    public static final Price FREE = new Price(0, 0);

    public Price {
        if (!(promptPerMillion >= 0) || !(completionPerMillion >= 0)) {
            throw new InputException("a price per million tokens must be 0 or more");
        }
    }

    public double of(long promptTokens, long completionTokens) {
        return (promptTokens * promptPerMillion + completionTokens * completionPerMillion) / 1e6;
    }

    public double of(ChatReply.Usage usage) {
        return of(usage.promptTokens(), usage.completionTokens());
    }
}
