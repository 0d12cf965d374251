package cogent.curate;

import cogent.curate.SampleOutcome.Stage;
import cogent.curate.agent.AgentResult;
import cogent.curate.agent.Rethinker;
import cogent.curate.agent.Verification;
import cogent.data.Rationale;
import com.fasterxml.jackson.annotation.JsonAlias;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One turn of rethink and verify.
 *
 * @param number from 1
 * @param rewrite what the Rethinker wrote, or why nothing came
 * @param verification null when there was nothing to verify
 */
public record Round(
        int number,
        AgentResult<Rationale> rewrite,
        @JsonAlias("verdict") @Nullable Verification verification) {
    Stream<Verification> verifications() {
        return Stream.ofNullable(verification);
    }

    public boolean verified() {
        return verification != null && verification.passed();
    }

    /** What the Rethinker gets to see next time; empty when nothing was held against the rewrite itself. */
    Optional<Rethinker.Refused> refused() {
        return verification == null
                ? Optional.empty()
                : rewrite.found()
                        .flatMap(text -> verification.objection().map(why -> new Rethinker.Refused(text, why)));
    }

    /** What the sample comes to when this was its last round. */
    SampleOutcome outcome() {
        return verification == null
                ? SampleOutcome.Refused.because(Stage.RETHINK, "no rewrite", rewrite.failure())
                : new SampleOutcome.Refused(
                        Stage.VERIFY, "no rewrite passed: " + verification.stoppedBy(), verification.failure());
    }
}
