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

        @Key(
                doc = "kinds of mistake to take turns with",
                def = "[calculation, misreading, operation, omission]",
                aka = "slips")
        List<MistakeKind> mistakes,

        @Unwrapped AgentConfig agent) {
    public DistractorConfig {
        require(
                !mistakes.isEmpty() && mistakes.size() == Set.copyOf(mistakes).size(),
                "mistakes must name at least one kind, and each once");
    }
}
