package cogent.pipeline.recipe;

import cogent.pipeline.keys.Key;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What every agent that is asked has. */
public record AgentConfig(
        @Key(
                doc = "replies to one request that are looked at before it is given up; each is another sample",
                def = "3",
                range = "[1,)")
        int attempts,

        @Key(
                doc = "longest message to this agent; a rationale that makes it longer is refused with that reason,"
                        + " never cut. About 100 000 tokens of English: beyond the context of most endpoints anyway",
                def = "400000",
                range = "[1,)")
        int maxCharacters,

        @Key(
                doc = "any of teacher's settings (max_tokens, temperature, url …), for this agent alone",
                def = "{}",
                of = EndpointConfig.class)
        Map<String, JsonNode> endpoint) {}
