package cogent.cli.run;

import cogent.cli.recipe.Recipe;
import cogent.data.InputException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a training stage of a recipe reads.
 *
 * @param model whose tokenizer and chat template encode the rows
 * @param rows the file
 */
public record TrainingInputs(Path model, Path rows, Recipe.Training settings) {
    /**
     * @param stage {@code raw-sft}, {@code sft} or {@code align}
     * @throws InputException when the stage is none of these, or its rows are not there yet
     */
    public static TrainingInputs of(Recipe recipe, String stage) {
        RunDirectory run = RunDirectory.of(recipe);
        Path base = Students.base(recipe, run);
        TrainingInputs inputs = switch (stage) {
            case "raw-sft" -> new TrainingInputs(base, run.rawRows(), recipe.sft());
            case "sft" -> new TrainingInputs(base, run.sftRows(), recipe.sft());
            case "align" ->
                new TrainingInputs(
                        Files.exists(run.model("sft")) ? run.model("sft") : base, run.preferences(), recipe.align());
            default -> throw new InputException("--stage is raw-sft, sft or align, not " + stage);
        };
        if (!Files.exists(inputs.rows)) {
            throw new InputException(inputs.rows + " is not there yet: run `cogent curate` with this recipe first");
        }
        return inputs;
    }
}
