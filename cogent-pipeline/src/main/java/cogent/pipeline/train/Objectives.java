package cogent.pipeline.train;

import cogent.pipeline.recipe.AlignConfig;
import cogent.train.loop.AlignSettings;
import cogent.train.loop.TrainSettings;
import cogent.train.objective.BetaRule;
import cogent.train.objective.ChosenNll;
import cogent.train.objective.CogPo;
import cogent.train.objective.Cpo;
import cogent.train.objective.Divergence;
import cogent.train.objective.Dpop;
import cogent.train.objective.DynamicBeta;
import cogent.train.objective.Hinge;
import cogent.train.objective.Ipo;
import cogent.train.objective.Kto;
import cogent.train.objective.Objective;
import cogent.train.objective.Orpo;
import cogent.train.objective.SimPo;
import cogent.train.objective.Sppo;
import cogent.train.objective.WeightRule;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The objectives by their names in recipes. */
public final class Objectives {
    private static final double DPO_BETA = 0.1;
    private static final double SIMPO_BETA = 2;

    private Objectives() {}

    /** What alignment minimises, with what the recipe adds to it. */
    static AlignSettings settings(AlignConfig align, TrainSettings train) {
        Optional<DynamicBeta> dynamic = align.objective().equals("beta-dpo")
                ? Optional.of(new DynamicBeta(
                        align.dynamicBeta().alpha(),
                        align.dynamicBeta().momentum(),
                        align.dynamicBeta().keep()))
                : Optional.empty();
        return new AlignSettings(train, of(align), nll(align), dynamic);
    }

    /** What the recipe adds to the objective. */
    public static ChosenNll nll(AlignConfig align) {
        return new ChosenNll(align.nllWeight(), align.nllPer());
    }

    /** The objective of a recipe. */
    public static Objective of(AlignConfig align) {
        Divergence divergence = switch (align.divergence()) {
            case JS -> new Divergence.JensenShannon();
            case ALPHA -> new Divergence.Alpha(align.divergenceAlpha());
            case REVERSE_KL -> new Divergence.ReverseKl();
        };
        return switch (align.objective()) {
            case "cogpo", "dpo", "beta-dpo", "madpo" -> new CogPo(align.labelSmoothing(), divergence);
            case "dpop" -> new Dpop(align.dpopLambda());
            case "ipo" -> new Ipo(true);
            case "hinge" -> new Hinge();
            case "sppo" -> new Sppo();
            case "kto" -> new Kto(align.kto().desirable(), align.kto().undesirable());
            case "simpo" -> new SimPo(number(align.beta(), SIMPO_BETA), align.gamma());
            case "orpo" -> new Orpo(number(align.beta(), DPO_BETA));
            case "cpo" -> new Cpo(number(align.beta(), DPO_BETA));
            default ->
                ObjectiveClass.load(
                        align.objective(),
                        align.beta().isNumber() ? align.beta().asDouble() : DPO_BETA);
        };
    }

    /** Where the pairs' β come from. */
    public static BetaRule betas(AlignConfig align) {
        JsonNode beta = align.beta();
        boolean ofPairs = AlignConfig.BETA_OF_PAIRS.contains(align.objective())
                || (!AlignConfig.OBJECTIVES.contains(align.objective())
                        && of(align).usesPairBetas());
        if (beta.isNull() && ofPairs) {
            return new BetaRule.Own();
        }
        return beta.isObject()
                ? new BetaRule.GapScore(
                        beta.path("low").asDouble(), beta.path("high").asDouble())
                : new BetaRule.One(number(beta, DPO_BETA));
    }

    /** What the pairs count. */
    public static WeightRule weights(AlignConfig align) {
        return align.objective().equals("madpo") ? marginAdaptive(align.madpo()) : WeightRule.EQUAL;
    }

    static WeightRule.MarginAdaptive marginAdaptive(AlignConfig.MadpoConfig madpo) {
        return new WeightRule.MarginAdaptive(madpo.tau(), madpo.lambda(), madpo.cMin(), madpo.cMax());
    }

    private static double number(JsonNode value, double otherwise) {
        return value.isNull() ? otherwise : value.asDouble();
    }
}
