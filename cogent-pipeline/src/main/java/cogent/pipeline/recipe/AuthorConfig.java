package cogent.pipeline.recipe;

import cogent.pipeline.keys.Key;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Writes the rationales that the corpus lacks. */
public record AuthorConfig(
        @Key(
                doc = "solutions a problem may cost: the first whose final answer equals y by the rule is taken, of"
                        + " the others nothing is kept. 0 = rows without a rationale are refused. Above 1 takes a"
                        + " temperature above 0. Truncated replies never count; a model's own thinking is no part of"
                        + " the rationale",
                def = "0",
                range = "[0,)")
        int samples,

        @Key(doc = "longest message to this agent", def = "400000", range = "[1,)")
        int maxCharacters,

        @Key(doc = "any of teacher's settings, for this agent alone", def = "{}", of = EndpointConfig.class)
        Map<String, JsonNode> endpoint) {
    public boolean writes() {
        return samples > 0;
    }

    /** As an agent: every sample is an attempt. */
    public AgentConfig agent() {
        return new AgentConfig(samples, maxCharacters, endpoint);
    }
}
