package cogent.cli.run;

import cogent.data.InputException;
import cogent.model.hf.ModelConfig;
import cogent.model.tensor.Device;
import cogent.pipeline.recipe.Curate;
import cogent.pipeline.recipe.Recipe;
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

    /**
     * The directory of the small model that the curation asks: one that has seen the task, where there is one.
     *
     * @throws InputException when the recipe names none that could tell anything
     */
    static Path asked(Recipe recipe, RunDirectory run) {
        String model = recipe.curate().critic().student();
        if (model == null) {
            if (Recipe.PLAYGROUND.equals(recipe.student().model())) {
                throw new InputException("curate.critic.student: the playground's student is untrained, and finds every"
                        + " rationale equally surprising. Set it to raw, with raw_sft.enabled: true");
            }
            return base(recipe, run);
        }
        if (model.equals(Curate.Critic.RAW)) {
            if (!recipe.rawSft().enabled()) {
                throw new InputException("curate.critic.student is raw, the raw SFT model of this run, which the recipe"
                        + " does not make: set raw_sft.enabled: true, or name a model directory");
            }
            return run.model(Curate.Critic.RAW);
        }
        return Path.of(model);
    }

    /** A device that is not there and an architecture that cannot be trained are told before anything is spent on its data. */
    static void requireKnown(Recipe recipe) {
        Device _ = Device.named(recipe.student().device());
        String model = recipe.student().model();
        if (model != null && !Recipe.PLAYGROUND.equals(model)) {
            ModelConfig.read(Path.of(model).resolve("config.json"));
        }
    }
}
