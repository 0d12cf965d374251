package cogent.llm.meter;

/**
 * What was sent and what it cost.
 *
 * @param calls answered calls that were paid for, earlier sessions of the same run included
 * @param reasoningTokens part of the completion tokens
 * @param cost in the currency of the prices
 * @param reused replies taken from the store in this session
 * @param failed tries in this session that brought no reply
 */
public record UsageTotals(
        long calls,
        long promptTokens,
        long completionTokens,
        long reasoningTokens,
        double cost,
        long reused,
        long failed) {
    public static final UsageTotals NOTHING = new UsageTotals(0, 0, 0, 0, 0, 0, 0);

    public long tokens() {
        return promptTokens + completionTokens;
    }

    /** What this session did without paying for it. */
    public UsageTotals unpaid() {
        return new UsageTotals(0, 0, 0, 0, 0, reused, failed);
    }

    public UsageTotals plus(UsageTotals other) {
        return new UsageTotals(
                calls + other.calls,
                promptTokens + other.promptTokens,
                completionTokens + other.completionTokens,
                reasoningTokens + other.reasoningTokens,
                cost + other.cost,
                reused + other.reused,
                failed + other.failed);
    }
}
