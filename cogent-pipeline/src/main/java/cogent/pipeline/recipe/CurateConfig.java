package cogent.pipeline.recipe;

import cogent.data.Gap;
import cogent.pipeline.keys.Key;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Critique, Rethink, Verify and the pairs. */
public record CurateConfig(
        @Key(doc = "samples on their way at once", def = "256", range = "[1,)", operational = true)
        int inFlight,

        @Key(
                doc = "what a call of --batch-out costs, as a share of price_in and price_out",
                def = "0.5",
                range = "[0,)",
                operational = true)
        double batchPrice,

        @Key(
                doc = "stop before training when a larger share of the samples got no answer; a rerun asks again",
                def = "0.01",
                range = "[0,1]",
                operational = true)
        double maxUnanswered,

        @Key(
                doc = "edited copies in place of the built-in ones: {critique: my/critique.md}; those lie in"
                        + " cogent-curate/src/main/resources/cogent/curate/prompt",
                def = "{}",
                path = true)
        Map<String, String> prompts,

        @Key(
                doc = "writes the rationales of rows that have a problem and an answer alone; its prompt is `solve`",
                operational = true) // its work is an input
        AuthorConfig author,

        @Key(doc = "labels the rationales") CriticConfig critic,

        @Key(doc = "rewrites the unsuitable ones") RethinkerConfig rethinker,

        @Key(doc = "accepts or refuses the rewrites") VerifierConfig verifier,

        @Key(doc = "writes wrong rationales") DistractorConfig distractor,

        @Key(doc = "CogPO's β by the gap of a pair; 0.5 is the authors', the others are ours")
        BetaConfig beta) {
    public double beta(Gap gap) {
        return switch (gap) {
            case SMALL -> beta.small();
            case MEDIUM -> beta.medium();
            case LARGE -> beta.large();
        };
    }

    /** The settings that agents lay over the teacher's, by their key under {@code curate}. */
    public Map<String, Map<String, JsonNode>> endpoints() {
        return Map.of(
                "author.endpoint", author.endpoint(),
                "critic.endpoint", critic.agent().endpoint(),
                "rethinker.endpoint", rethinker.agent().endpoint(),
                "verifier.endpoint", verifier.agent().endpoint(),
                "verifier.second_judge", verifier.secondJudge(),
                "verifier.blind.endpoint", verifier.blind().agent().endpoint(),
                "distractor.endpoint", distractor.agent().endpoint());
    }

    /** Whether the small model itself is asked. */
    public boolean asksStudent() {
        return critic.measures() || verifier.studentReads();
    }

    /** CogPO's β by the gap of a pair. */
    public record BetaConfig(
            @Key(doc = "suitable over unsuitable", def = "0.1", range = "(0,)")
            double small,

            @Key(doc = "unsuitable over wrong", def = "0.2", range = "(0,)")
            double medium,

            @Key(doc = "suitable over wrong", def = "0.5", range = "(0,)")
            double large) {}
}
