package cogent.curate.agent;

import cogent.data.Rationale;
import com.fasterxml.jackson.annotation.JsonAlias;

/**
 * A wrong rationale that was asked for.
 *
 * @param against the right rationale that it was patterned on, and so may be set against
 * @param reply the wrong rationale, checked to be one; or why none came
 */
public record Distraction(
        Against against, @JsonAlias("slip") MistakeKind mistake, AgentResult<Rationale> reply) {
    /** The right side of the pairs that a wrong rationale is for. */
    public enum Against {
        /** The medium original or the verified rewrite: large gap. */
        SUITABLE,
        /** The easy or hard original: medium gap. */
        ORIGINAL
    }
}
