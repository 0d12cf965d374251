package cogent.pipeline.recipe;

import static cogent.data.InputException.require;

import cogent.pipeline.keys.Key;
import cogent.pipeline.keys.Unwrapped;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Accepts or refuses the rewrites. */
public record VerifierConfig(
        @Key(
                doc = "judge: an LLM's verdict; rule: the final answer equals y; blind: y must follow without its"
                        + " answer. [] = every rewrite passes unread (for ablations)",
                def = "[judge, rule]")
        List<CheckedBy> checks,

        @Key(
                doc =
                        "medium rationales are read too, one call each, and repaired where they are wrong; false: as in the"
                                + " paper",
                def = "true")
        boolean medium,

        @Key(
                doc = "settings over teacher's of another judge, whose verdict counts too; {} = none. Its agreement"
                        + " with the first is reported",
                def = "{}",
                of = EndpointConfig.class)
        Map<String, JsonNode> secondJudge,

        @Key(doc = "reads a rationale without its final answer")
        BlindConfig blind,

        @Unwrapped AgentConfig agent) {
    /** What a rewrite has to pass. */
    public enum CheckedBy {
        JUDGE,
        RULE,
        BLIND
    }

    public VerifierConfig {
        require(
                secondJudge.isEmpty() || checks.contains(CheckedBy.JUDGE),
                "second_judge is asked beside the judge, and checks do not name judge");
    }

    /** Whether the small model is the blind reader. */
    public boolean studentReads() {
        return checks.contains(CheckedBy.BLIND) && blind.by() == BlindConfig.ReadBy.STUDENT;
    }

    /** Reads a rationale without its final answer. */
    public record BlindConfig(
            @Key(
                    doc = "teacher: an LLM follows the steps; student: the small model (critic.student) goes on writing"
                            + " where the rationale breaks off before its answer, greedily",
                    def = "teacher")
            ReadBy by,

            @Unwrapped AgentConfig agent) {
        /** Who reads. */
        public enum ReadBy {
            TEACHER,
            STUDENT
        }
    }
}
