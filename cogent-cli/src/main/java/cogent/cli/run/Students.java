package cogent.cli.run;

import cogent.cli.recipe.Recipe;
import cogent.data.InputException;
import cogent.model.ModelConfig;
import cogent.playground.PlaygroundStudent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
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

    /** A student's directory to look into; removed on closing where it was only made for that. */
    record Directory(Path path, boolean temporary) implements AutoCloseable {
        @Override
        public void close() {
            if (temporary) {
                RunDirectory.delete(path);
            }
        }
    }

    /** The directory of π_base, also while the playground has not been made yet; without weights then. */
    static Directory readable(Recipe recipe, RunDirectory run) {
        Path base = base(recipe, run);
        if (!Recipe.PLAYGROUND.equals(recipe.student().model()) || Files.exists(base.resolve("config.json"))) {
            return new Directory(base, false);
        }
        try {
            Path made = Files.createTempDirectory("cogent-student");
            PlaygroundStudent.write(made);
            return new Directory(made, true);
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary folder for the playground's student", e);
        }
    }

    /** An architecture that cannot be trained is told before anything is spent on its data. */
    static void requireKnown(Recipe recipe) {
        String model = recipe.student().model();
        if (model != null && !Recipe.PLAYGROUND.equals(model)) {
            ModelConfig.read(Path.of(model).resolve("config.json"));
        }
    }
}
