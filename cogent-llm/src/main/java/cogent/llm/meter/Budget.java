package cogent.llm.meter;

import cogent.data.InputException;

/**
 * What a run may spend in all, over all its sessions.
 *
 * @param calls answered or possibly billed
 * @param tokens prompt and completion together
 * @param cost in the currency of the prices
 */
public record Budget(long calls, long tokens, double cost) {
    public static final Budget UNLIMITED = new Budget(Long.MAX_VALUE, Long.MAX_VALUE, Double.POSITIVE_INFINITY);

    public Budget {
        if (calls < 0 || tokens < 0 || !(cost >= 0)) {
            throw new InputException("a budget must be 0 or more");
        }
    }
}
