package cogent.curate;

import cogent.curate.SampleOutcome.Stage;
import cogent.curate.agent.AgentResult;
import cogent.curate.agent.Rethinker;
import cogent.curate.agent.Verification;
import cogent.data.Rationale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One turn of rethink and verify.
 *
 * @param number from 1
 * @param rewrite what the Rethinker wrote, or why nothing came
 * @param verdict null when there was nothing to verify
 */
public record Round(
        int number,
        AgentResult<Rationale> rewrite,
        @Nullable Verification verdict) {
    public boolean verified() {
        return verdict != null && verdict.passed();
    }

    /** What the Rethinker gets to see next time; empty when nothing was held against the rewrite itself. */
    Optional<Rethinker.Refused> refused() {
        return verdict == null
                ? Optional.empty()
                : rewrite.found().flatMap(text -> verdict.objection().map(why -> new Rethinker.Refused(text, why)));
    }

    /** What the sample comes to when this was its last round. */
    SampleOutcome outcome() {
        return verdict == null
                ? new SampleOutcome.Refused(Stage.RETHINK, "no rewrite", rewrite.failure())
                : new SampleOutcome.Refused(
                        Stage.VERIFY, "no rewrite passed: " + verdict.stoppedBy(), verdict.failure());
    }
}
