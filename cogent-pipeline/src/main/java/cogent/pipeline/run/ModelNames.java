package cogent.pipeline.run;

import cogent.data.InputException;
import cogent.pipeline.recipe.Recipe;
import java.nio.file.Files;
import java.util.List;

/**
 * What people call the models of a run.
 *
 * @param objective the one that the aligned model was trained by, as recipes write it
 * @param tuned what alignment started from: {@code CRV}, or {@code SFT} where the rows were not curated here, or base
 */
public record ModelNames(String objective, String tuned) {
    /** The model that preference alignment made, by whatever objective. */
    public static final String ALIGNED = "aligned";

    /** The reward model of the pairs, and the stage that makes it. */
    public static final String REWARD = "reward";

    /** The model that on-policy distillation made. */
    public static final String DISTILLED = "distilled";

    private static final String DISTILLATION = " + distillation";
    private static final List<String> TUNED = List.of("CRV", "SFT", "base");

    public static ModelNames of(Recipe recipe) {
        return new ModelNames(
                recipe.align().objective(), recipe.sft().rows() != null ? "SFT" : recipe.fineTunes() ? "CRV" : "base");
    }

    /**
     * Of a run whose recipe may be gone or unreadable.
     *
     * @throws InputException when an earlier version of Cogent made it
     */
    public static ModelNames of(RunDirectory run) {
        run.requireCurrent();
        try {
            return Files.exists(run.recipe()) ? of(run.readRecipe()) : new ModelNames("cogpo", "CRV");
        } catch (InputException e) {
            return new ModelNames("cogpo", "CRV");
        }
    }

    /** Such as {@code CRV + CogPO} for {@code aligned}, by whatever objective. */
    public String of(String model) {
        return switch (model) {
            case "base" -> "base";
            case REWARD -> tuned + " as a reward model";
            case "raw" -> "raw SFT";
            case "sft" -> tuned;
            case DISTILLED -> tuned + DISTILLATION;
            case ALIGNED -> tuned + " + " + objective(objective);
            default -> model;
        };
    }

    /** Whether a label is this model's in some run. */
    public static boolean means(String model, String label) {
        return label.equals(model)
                || TUNED.stream()
                        .anyMatch(tuned -> model.equals(ALIGNED)
                                ? label.startsWith(tuned + " + ") && !label.endsWith(DISTILLATION)
                                : label.equals(new ModelNames("cogpo", tuned).of(model)));
    }

    /** As papers write it. */
    private static String objective(String name) {
        return switch (name) {
            case "cogpo" -> "CogPO";
            case "dpo" -> "DPO";
            case "beta-dpo" -> "β-DPO";
            case "madpo" -> "MADPO";
            case "kto" -> "KTO";
            case "sppo" -> "SPPO";
            case "dpop" -> "DPOP";
            case "ipo" -> "IPO";
            case "simpo" -> "SimPO";
            case "orpo" -> "ORPO";
            case "cpo" -> "CPO";
            default -> name;
        };
    }
}
