package cogent.pipeline.run;

import cogent.data.InputException;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.TrainingConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a training stage of a recipe reads.
 *
 * @param model whose tokenizer and chat template encode the rows
 * @param rows the file
 */
public record TrainingInputs(Path model, Path rows, TrainingConfig settings) {
    /**
     * @param stage {@code raw-sft}, {@code sft} or {@code align}
     * @throws InputException when the stage is none of these, or its rows are not there yet
     */
    public static TrainingInputs of(Recipe recipe, String stage) {
        RunDirectory run = RunDirectory.of(recipe);
        Path base = Students.base(recipe, run);
        Path reference = reference(recipe, run);
        TrainingInputs inputs = switch (stage) {
            case "raw-sft" ->
                new TrainingInputs(base, run.rawRows(), recipe.sft().training());
            case "sft" ->
                new TrainingInputs(base, sftRows(recipe, run), recipe.sft().training());
            case "align" ->
                new TrainingInputs(
                        Files.exists(reference) ? reference : base,
                        madePairs(recipe, run),
                        recipe.align().training());
            default -> throw new InputException("--stage is raw-sft, sft or align, not " + stage);
        };
        if (!Files.exists(inputs.rows)) {
            throw new InputException(inputs.rows
                    + (recipe.bringsRows()
                            ? ": no such file"
                            : " is not there yet: run `cogent curate` with this recipe first"));
        }
        return inputs;
    }

    /** What SFT trains on: the recipe's own file, or what the curation made. */
    public static Path sftRows(Recipe recipe, RunDirectory run) {
        return recipe.sft().rows() == null
                ? run.sftRows()
                : HubNames.ofEnvironment().data(recipe.sft().rows());
    }

    /** The pairs that alignment learns from: the curation's or its own, and those against the student's own mistakes. */
    public static List<Path> pairs(Recipe recipe, RunDirectory run) {
        Path made = madePairs(recipe, run);
        return recipe.onPolicy().samples() > 0 ? List.of(made, run.mistakes()) : List.of(made);
    }

    /** The pairs that are there to be learnt from; mistakes of an earlier recipe do not count. */
    public static List<Path> pairs(RunDirectory run) {
        return Files.exists(run.mistakes()) ? pairs(run.readRecipe(), run) : List.of(run.preferences());
    }

    private static Path madePairs(Recipe recipe, RunDirectory run) {
        return recipe.align().rows() == null
                ? run.preferences()
                : HubNames.ofEnvironment().data(recipe.align().rows());
    }

    /** The model that alignment starts from: that of SFT; the student itself where the recipe has no SFT. */
    public static Path reference(Recipe recipe, RunDirectory run) {
        return recipe.fineTunes() ? run.model("sft") : Students.base(recipe, run);
    }
}
