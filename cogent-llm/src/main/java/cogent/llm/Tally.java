package cogent.llm;

/**
 * What was sent and what it cost.
 *
 * @param calls answered calls that were paid for, earlier sessions of the same run included
 * @param reasoningTokens part of the completion tokens
 * @param cost in the currency of the prices
 * @param reused replies taken from the store in this session
 * @param failed tries in this session that brought no reply
 */
public record Tally(
        long calls,
        long promptTokens,
        long completionTokens,
        long reasoningTokens,
        double cost,
        long reused,
        long failed) {
    public static final Tally NOTHING = new Tally(0, 0, 0, 0, 0, 0, 0);

    public long tokens() {
        return promptTokens + completionTokens;
    }

    Tally plus(Tally other) {
        return new Tally(
                calls + other.calls,
                promptTokens + other.promptTokens,
                completionTokens + other.completionTokens,
                reasoningTokens + other.reasoningTokens,
                cost + other.cost,
                reused + other.reused,
                failed + other.failed);
    }
}
