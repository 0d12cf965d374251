package cogent.curate.run;

import cogent.curate.agent.AgentResult;
import cogent.curate.agent.FailedAttempt;
import cogent.data.Rationale;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a problem without a rationale: a line of {@code authored.jsonl}.
 *
 * @param id the problem's
 * @param rationale what was written, or null
 * @param refused why nothing was, in a few words; what varies stands after a colon. Null where there is a rationale
 * @param misses the replies that could not be used, in order
 */
public record Authored(
        String id, @Nullable Rationale rationale, @Nullable String refused, List<FailedAttempt> misses) {
    public Authored {
        misses = List.copyOf(misses);
    }

    static Authored of(String id, AgentResult<Rationale> asked) {
        String refused = asked.value() == null
                ? "no usable solution by the author: " + FailedAttempt.summary(asked.misses())
                : null;
        return new Authored(id, asked.value(), refused, asked.misses());
    }

    /** Why there is none, the same for like cases. */
    String reason() {
        String what = FailedAttempt.withoutDetail(String.valueOf(refused));
        return misses.isEmpty()
                ? what
                : what + "; the last "
                        + FailedAttempt.withoutDetail(misses.getLast().reason());
    }

    public static Authored refused(String id, String why) {
        return new Authored(id, null, why, List.of());
    }
}
