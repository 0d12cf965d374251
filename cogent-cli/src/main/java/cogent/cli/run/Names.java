package cogent.cli.run;

import cogent.cli.recipe.Recipe;
import cogent.data.InputException;
import java.nio.file.Files;

/**
 * What people call the models of a run.
 *
 * @param objective the one that the aligned model was trained by, as recipes write it
 */
record Names(String objective) {
    private static final String ALIGNED = "CRV + ";

    static Names of(Recipe recipe) {
        return new Names(recipe.align().objective());
    }

    /** Of a run whose recipe may be gone or unreadable. */
    static Names of(RunDirectory run) {
        try {
            return Files.exists(run.recipe()) ? of(run.readRecipe()) : new Names("cogpo");
        } catch (InputException e) {
            return new Names("cogpo");
        }
    }

    /** Such as {@code CRV + CogPO} for {@code cogpo}, the aligned one by whatever objective. */
    String of(String model) {
        return switch (model) {
            case "base" -> "base";
            case "raw" -> "raw SFT";
            case "sft" -> "CRV";
            case "cogpo" -> ALIGNED + objective(objective);
            default -> model;
        };
    }

    /** Whether a label is this model's in some run. */
    static boolean means(String model, String label) {
        return label.equals(model)
                || (model.equals("cogpo") ? label.startsWith(ALIGNED) : label.equals(new Names("cogpo").of(model)));
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
