package cogent.curate.run;

import cogent.curate.agent.AgentResult;
import cogent.curate.agent.FailedAttempt;
import cogent.data.Rationale;
import com.fasterxml.jackson.annotation.JsonAlias;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a problem without a rationale: a line of {@code authored.jsonl}.
 *
 * @param id the problem's
 * @param rationale what was written, or null
 * @param refused why nothing was, in a few words; what varies stands after a colon. Null where there is a rationale
 * @param failedAttempts the replies that could not be used, in order
 */
public record Authored(
        String id,
        @Nullable Rationale rationale,
        @Nullable String refused,
        @JsonAlias("misses") List<FailedAttempt> failedAttempts) {
    public Authored {
        failedAttempts = List.copyOf(failedAttempts);
    }

    static Authored of(String id, AgentResult<Rationale> result) {
        String refused = result.value() == null
                ? "no usable solution by the author: " + FailedAttempt.summary(result.failedAttempts())
                : null;
        return new Authored(id, result.value(), refused, result.failedAttempts());
    }

    /** Why there is none, the same for like cases. */
    String reason() {
        String what = FailedAttempt.withoutDetail(String.valueOf(refused));
        return failedAttempts.isEmpty()
                ? what
                : what + "; the last "
                        + FailedAttempt.withoutDetail(failedAttempts.getLast().reason());
    }

    public static Authored refused(String id, String why) {
        return new Authored(id, null, why, List.of());
    }
}
