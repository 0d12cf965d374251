package cogent.pipeline.recipe;

import cogent.pipeline.keys.Key;
import cogent.pipeline.keys.Unwrapped;

/** Rewrites the unsuitable rationales. */
public record RethinkerConfig(
        @Key(
                doc = "rewrites before a sample is refused; what two reasons could not mend a third seldom does",
                def = "3",
                range = "[1,)")
        int rounds,

        @Key(doc = "a verified rewrite must also be labelled medium by the critic", def = "false")
        boolean recritique,

        @Unwrapped AgentConfig agent) {}
