package cogent.pipeline.recipe;

import static cogent.data.InputException.require;

import cogent.curate.agent.MistakeKind;
import cogent.pipeline.keys.Key;
import cogent.pipeline.keys.Unwrapped;
import java.util.List;
import java.util.Set;

/** Writes wrong rationales. */
public record DistractorConfig(
        @Key(
                doc = "wrong rationales for each right one, for the medium and large gaps; 0 = none",
                def = "1",
                range = "[0,)")
        int perProblem,

        @Key(doc = "kinds of slip to take turns with", def = "[calculation, misreading, operation, omission]")
        List<MistakeKind> slips,

        @Unwrapped AgentConfig agent) {
    public DistractorConfig {
        require(
                !slips.isEmpty() && slips.size() == Set.copyOf(slips).size(),
                "slips must name at least one kind, and each once");
    }
}
