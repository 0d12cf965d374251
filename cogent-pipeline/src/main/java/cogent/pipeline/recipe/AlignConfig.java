package cogent.pipeline.recipe;

import static cogent.data.InputException.require;

import cogent.data.Gap;
import cogent.pipeline.keys.Key;
import cogent.pipeline.keys.Unwrapped;
import cogent.train.objective.ChosenNll;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Preference alignment. */
public record AlignConfig(
        @Key(doc = "whether it is done", def = "true", operational = true)
        boolean enabled,

        @Key(
                doc = "a file of your own pairs (prompt, chosen, rejected, beta, gap), as with sft.rows. A recipe that"
                        + " has neither corpus.path nor sft.rows aligns student.model itself",
                def = "null",
                operational = true,
                path = true)
        @Nullable
        String rows,

        @Key(
                doc =
                        "cogpo, dpo, beta-dpo, madpo, dpop, ipo, hinge, sppo, kto, simpo, orpo, cpo (formulas: docs/objectives.md), or the"
                                + " name of a class of yours",
                def = "cogpo",
                aka = {"loss_type", "pref_loss", "rl"})
        String objective,

        @Key(doc = "the mini-tasks that take part", def = "[small, medium, large]")
        List<Gap> gaps,

        @Key(
                doc =
                        "null = the pairs' own (cogpo, dpop, ipo, hinge), 0.1 (dpo, beta-dpo, madpo, sppo, kto, orpo's lambda, cpo), 2"
                                + " (simpo); a number = the same for all pairs; {from: gap-score, low: 0.1, high: 0.5} = a"
                                + " continuous function of each row's gap_score from 0 to 1, low at 0 and high at 1: an"
                                + " extension of ours",
                def = "null",
                aka = {"pref_beta", "dpo_beta", "rl_beta", "orpo_alpha"})
        JsonNode beta,

        @Key(
                doc = "cogpo, dpo, beta-dpo, madpo: the share of pairs believed to be the wrong way round",
                def = "0.0",
                range = "[0,0.5)",
                aka = "dpo_label_smoothing")
        double labelSmoothing,

        @Key(doc = "cogpo, dpo, beta-dpo, madpo: reverse-kl, js, alpha", def = "reverse_kl", aka = "f_divergence_type")
        DivergenceName divergence,

        @Key(
                doc = "of the alpha divergence; 1 minus TRL's f_alpha_divergence_coef",
                def = "0.5",
                range = "(0,1)",
                aka = "f_alpha_divergence_coef")
        double divergenceAlpha,

        @Key(
                doc = "simpo: the margin it asks for (its authors' gamma_beta_ratio times beta)",
                def = "0.5",
                aka = {"simpo_gamma", "gamma_beta_ratio"})
        double gamma,

        @Key(
                doc = "dpop: what a nat costs by which the chosen side sinks below the reference; the paper's value",
                def = "50.0",
                range = "[0,)")
        double dpopLambda,

        @Key(doc = "kto: what the two sides count") KtoConfig kto,

        @Key(
                doc =
                        "madpo: how a pair's margin under a reward model weighs it; the paper's values. The margin: the row's reward_margin, or `reward`")
        MadpoConfig madpo,

        @Key(
                doc = "added negative log-likelihood of the chosen side, a guard against its sinking (RPO with cogpo or"
                        + " dpo; ORPO and CPO as published have 1)",
                def = "0.0",
                range = "[0,)",
                aka = {"rpo_alpha", "cpo_alpha", "pref_ftx"})
        double nllWeight,

        @Key(doc = "its mean: over all chosen tokens of the batch, or per pair first", def = "token")
        ChosenNll.Per nllPer,

        @Key(doc = "beta-dpo: beta follows the batch's margins; the paper's values")
        DynamicBetaConfig dynamicBeta,

        @Unwrapped TrainingConfig training) {
    /** The objectives by name. */
    public static final List<String> OBJECTIVES =
            List.of("cogpo", "dpo", "beta-dpo", "madpo", "dpop", "ipo", "hinge", "sppo", "kto", "simpo", "orpo", "cpo");

    /** Those whose β may differ from pair to pair. */
    public static final List<String> BETA_OF_PAIRS = List.of("cogpo", "dpop", "ipo", "hinge");

    /** The f-divergences of f-DPO. */
    public enum DivergenceName {
        REVERSE_KL,
        JS,
        ALPHA
    }

    public AlignConfig {
        require(
                !gaps.isEmpty() && Set.copyOf(gaps).size() == gaps.size(),
                "gaps are some of small, medium, large, each once");
        require(
                training.truncate() != TrainingConfig.Truncate.COMPLETION,
                "truncate completion is for SFT: the sides of a pair must stay comparable");
        require(
                OBJECTIVES.contains(objective) || isClass(objective),
                "objective is one of " + String.join(", ", OBJECTIVES)
                        + " or the name of a class with its package, not " + objective);
        require(
                beta.isNull() || isPositive(beta) || isGapScore(beta),
                "beta is null, a positive number, or {from: gap-score, low: L, high: H} with 0 < L <= H, not " + beta);
        require(
                !beta.isObject() || isClass(objective) || BETA_OF_PAIRS.contains(objective),
                "beta cannot come from a gap score with objective " + objective + ", which has one for all pairs");
        require(
                objective.equals("simpo") || gamma == 0.5,
                "gamma is simpo's margin: objective " + objective + " knows none");
        require(
                divergence == DivergenceName.ALPHA || divergenceAlpha == 0.5,
                "divergence_alpha is for divergence alpha alone");
        require(
                objective.equals("beta-dpo") || dynamicBeta.equals(DynamicBetaConfig.PAPER),
                "dynamic_beta is for objective beta-dpo, not " + objective);
        require(objective.equals("dpop") || dpopLambda == 50, "dpop_lambda is for objective dpop, not " + objective);
        require(
                nllWeight > 0 || nllPer == ChosenNll.Per.TOKEN,
                "nll_per is the mean of a term that nll_weight: 0 leaves out");
        require(
                objective.equals("kto") || kto.equals(KtoConfig.EQUAL),
                "kto's weights are for objective kto, not " + objective);
        require(
                objective.equals("madpo") || madpo.equals(MadpoConfig.PAPER),
                "madpo's keys are for objective madpo, not " + objective);
        boolean shaped = labelSmoothing > 0 || divergence != DivergenceName.REVERSE_KL;
        require(
                !shaped || List.of("cogpo", "dpo", "beta-dpo", "madpo").contains(objective),
                "objective " + objective
                        + " knows no label_smoothing and no divergence: they are for cogpo, dpo, beta-dpo and madpo");
    }

    /** How a reward model is fitted to these pairs: by DPO alone, whose implicit reward is Bradley and Terry's. */
    public AlignConfig asReward(TrainingConfig settings) {
        return new AlignConfig(
                enabled,
                rows,
                "dpo",
                gaps,
                beta,
                0,
                DivergenceName.REVERSE_KL,
                0.5,
                0.5,
                50,
                KtoConfig.EQUAL,
                MadpoConfig.PAPER,
                0,
                ChosenNll.Per.TOKEN,
                DynamicBetaConfig.PAPER,
                settings);
    }

    /** Whether an objective is a class of the user's own; loading it is the training's. */
    private static boolean isClass(String objective) {
        return objective.contains(".");
    }

    private static boolean isPositive(JsonNode value) {
        return value.isNumber() && value.asDouble() > 0 && value.asDouble() < Double.POSITIVE_INFINITY;
    }

    private static boolean isGapScore(JsonNode beta) {
        JsonNode low = beta.path("low");
        JsonNode high = beta.path("high");
        return beta.path("from").asString("").equals("gap-score")
                && beta.size() == 3
                && isPositive(low)
                && isPositive(high)
                && low.asDouble() <= high.asDouble();
    }

    /** What the sides of a pair count in KTO. */
    public record KtoConfig(
            @Key(
                    doc = "of the chosen sides",
                    def = "1.0",
                    range = "(0,)",
                    aka = {"desirable_weight", "kto_chosen_weight"})
            double desirable,

            @Key(
                    doc = "of the rejected sides",
                    def = "1.0",
                    range = "(0,)",
                    aka = {"undesirable_weight", "kto_rejected_weight"})
            double undesirable) {
        static final KtoConfig EQUAL = new KtoConfig(1, 1);
    }

    /** MADPO's weight of a pair. */
    public record MadpoConfig(
            @Key(doc = "the reward margin of a pair that counts as in DPO", def = "2.0", range = "(0,)")
            double tau,

            @Key(doc = "how fast the weight turns around tau", def = "1.0", range = "(0,)")
            double lambda,

            @Key(doc = "of the margin of the easiest pairs", def = "0.5", range = "[0,1)")
            double cMin,

            @Key(doc = "of the margin of the hardest pairs", def = "2.0", range = "(1,)")
            double cMax) {
        static final MadpoConfig PAPER = new MadpoConfig(2, 1, 0.5, 2);
    }

    /** What β-DPO's β follows. */
    public record DynamicBetaConfig(
            @Key(doc = "how far beta follows the margins", def = "0.6", range = "[0,)")
            double alpha,

            @Key(doc = "of the running mean of the margins", def = "0.9", range = "[0,1)")
            double momentum,

            @Key(doc = "share of a batch that is trained on", def = "0.8", range = "(0,1]")
            double keep) {
        /** What a recipe has that says nothing of it. */
        static final DynamicBetaConfig PAPER = new DynamicBetaConfig(0.6, 0.9, 0.8);
    }
}
