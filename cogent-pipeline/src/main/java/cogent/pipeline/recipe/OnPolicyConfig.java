package cogent.pipeline.recipe;

import static cogent.data.InputException.require;

import cogent.pipeline.keys.Key;

/** The SFT model's own wrong answers as rejected sides. */
public record OnPolicyConfig(
        @Key(
                doc = "replies to each training problem; 0 = none. 4 or 8 are usual; wrong is what the rule calls so",
                def = "0",
                range = "[0,)",
                aka = "num_generations")
        int samples,

        @Key(doc = "at most so many pairs of a problem", def = "1", range = "[1,)")
        int perProblem,

        @Key(
                doc = "only the first so many; 0 = all. Their rows are in memory together while they are answered",
                def = "0",
                range = "[0,)")
        int problems,

        @Key(doc = "0 = greedy", def = "1.0", range = "[0,)")
        double temperature,

        @Key(doc = "the likeliest tokens that make up this share", def = "1.0", range = "(0,1]")
        double topP,

        @Key(doc = "tokens of a reply", def = "4096", range = "[1,)")
        int maxNewTokens,

        @Key(doc = "replies written at once", def = "32", range = "[1,)", operational = true)
        int batchSize) {
    public OnPolicyConfig {
        require(samples <= 1 || temperature > 0, "temperature 0 gives the same reply each time: samples must be 1");
    }
}
