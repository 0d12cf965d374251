package cogent.cli.run;

import cogent.cli.recipe.Recipe;
import cogent.data.InputException;
import cogent.model.ModelConfig;
import java.nio.file.Path;

/** The recipe's student. */
final class Students {
    private Students() {}

    /** The directory of π_base. */
    static Path base(Recipe recipe, RunDirectory run) {
        String model = recipe.student().model();
        if (model == null) {
            throw new InputException("student.model is not set: name a Hugging Face model directory,"
                    + " or \"playground\" for the built-in tiny one");
        }
        return Recipe.PLAYGROUND.equals(model) ? run.student() : Path.of(model);
    }

    /** An architecture that cannot be trained is told before anything is spent on its data. */
    static void requireKnown(Recipe recipe) {
        String model = recipe.student().model();
        if (model != null && !Recipe.PLAYGROUND.equals(model)) {
            ModelConfig.read(Path.of(model).resolve("config.json"));
        }
    }
}
