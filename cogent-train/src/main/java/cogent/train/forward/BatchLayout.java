package cogent.train.forward;

import java.util.Locale;

/** How the sequences of a step lie in memory. The result is the same up to rounding; the cost is not. */
public enum BatchLayout {
    /** Every sequence is filled up to the longest of its part, as most trainers do; here for comparison. */
    PADDED,
    /** End to end, without padding. */
    PACKED,
    /** End to end, and the prompt of a pair once: chosen and rejected continue it. For SFT the same as packed. */
    SHARED;

    /** In lower case, as recipes have it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
