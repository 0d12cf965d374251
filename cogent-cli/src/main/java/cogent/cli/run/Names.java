package cogent.cli.run;

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
record Names(String objective, String tuned) {
    private static final List<String> TUNED = List.of("CRV", "SFT", "base");

    static Names of(Recipe recipe) {
        return new Names(
                recipe.align().objective(), recipe.sft().rows() != null ? "SFT" : recipe.fineTunes() ? "CRV" : "base");
    }

    /** Of a run whose recipe may be gone or unreadable. */
    static Names of(RunDirectory run) {
        try {
            return Files.exists(run.recipe()) ? of(run.readRecipe()) : new Names("cogpo", "CRV");
        } catch (InputException e) {
            return new Names("cogpo", "CRV");
        }
    }

    /** Such as {@code CRV + CogPO} for {@code cogpo}, the aligned one by whatever objective. */
    String of(String model) {
        return switch (model) {
            case "base" -> "base";
            case "raw" -> "raw SFT";
            case "sft" -> tuned;
            case "cogpo" -> tuned + " + " + objective(objective);
            default -> model;
        };
    }

    /** Whether a label is this model's in some run. */
    static boolean means(String model, String label) {
        return label.equals(model)
                || TUNED.stream()
                        .anyMatch(tuned -> model.equals("cogpo")
                                ? label.startsWith(tuned + " + ")
                                : label.equals(new Names("cogpo", tuned).of(model)));
    }

    /** As papers write it. */
    private static String objective(String name) {
        return switch (name) {
            case "cogpo" -> "CogPO";
            case "dpo" -> "DPO";
            case "beta-dpo" -> "β-DPO";
            case "dpop" -> "DPOP";
            case "ipo" -> "IPO";
            case "simpo" -> "SimPO";
            case "orpo" -> "ORPO";
            case "cpo" -> "CPO";
            default -> name;
        };
    }
}
