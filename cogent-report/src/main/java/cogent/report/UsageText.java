package cogent.report;

import cogent.data.Count;
import cogent.llm.meter.Meter;
import cogent.llm.meter.UsageTotals;

/** What calls came to, in a line. */
public final class UsageText {
    private UsageText() {}

    /** Calls that were paid for and those that were not; tokens, and money where a price is set. */
    public static String of(Meter.Snapshot spent) {
        String most = spent.uncertain() > 0 ? " (at most %.4f)".formatted(spent.uncertain()) : "";
        return of(spent.total())
                + (spent.lost() > 0 ? ", %,d lost and perhaps billed".formatted(spent.lost()) + most : "");
    }

    public static String of(UsageTotals total) {
        StringBuilder said = new StringBuilder(Count.of(total.calls(), "call"));
        if (total.reused() > 0) {
            said.append(" + %,d from the store".formatted(total.reused()));
        }
        if (total.tokens() > 0) {
            said.append(", tokens %,d in %,d out".formatted(total.promptTokens(), total.completionTokens()));
        }
        if (total.reasoningTokens() > 0) {
            said.append(" (%,d thinking)".formatted(total.reasoningTokens()));
        }
        if (total.cost() > 0) {
            said.append(", cost %.4f".formatted(total.cost()));
        }
        return said.toString();
    }
}
