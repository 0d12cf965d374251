package cogent.pipeline.curate;

import cogent.curate.prompt.Yardstick;
import cogent.data.InputException;
import cogent.model.hf.ModelConfig;
import cogent.model.hf.ParameterShapes;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.Students;
import java.util.Locale;
import java.util.Optional;

/** The size of small model from whose point of view the teacher judges and rewrites: {@code curate.critic.view}. */
final class StudentSize {
    /** The paper's, where no student is named. */
    private static final String PAPER = "7B";

    /** Beyond this ratio of parameters a view is another model's. */
    private static final double MUCH = 2;

    private StudentSize() {}

    /**
     * As the recipe says it, or as the student's parameters do.
     *
     * @throws InputException when the student's parameters cannot be counted
     */
    static String of(Recipe recipe) {
        String set = recipe.curate().critic().view();
        if (set != null) {
            return set;
        }
        if (recipe.student().model() == null) {
            return PAPER;
        }
        try {
            return written(parameters(recipe));
        } catch (InputException e) {
            throw new InputException(
                    "curate.critic.view is not set, and the student's size is not known: " + e.getMessage()
                            + ". Set it, e.g. curate.critic.view: 0.5B",
                    e);
        }
    }

    /** What to say where the recipe's view is of a much smaller or larger model than its student; empty where it fits. */
    static Optional<String> doubt(Recipe recipe) {
        String set = recipe.curate().critic().view();
        if (set == null || recipe.student().model() == null) {
            return Optional.empty();
        }
        long parameters;
        double seen;
        try {
            parameters = parameters(recipe);
            seen = 1e9 * Yardstick.billions(set);
        } catch (InputException e) {
            return Optional
                    .empty(); // the student is not here, and need not be; a view that is no size is refused elsewhere
        }
        double ratio = Math.max(seen / parameters, parameters / seen);
        return ratio <= MUCH
                ? Optional.empty()
                : Optional.of("curate.critic.view is " + set + ", and the student has " + written(parameters)
                        + " parameters: rationales are judged and rewritten for a model of another size. Leave it out,"
                        + " and it is the student's");
    }

    private static long parameters(Recipe recipe) {
        try (Students.Directory student = Students.readable(recipe, RunDirectory.of(recipe))) {
            return ParameterShapes.count(ModelConfig.read(student.path().resolve("config.json")));
        }
    }

    /** In the field's notation: {@code 7.6B}, {@code 0.5B}, {@code 135M}, {@code 0.8M}. */
    static String written(long parameters) {
        if (parameters >= 450_000_000) {
            return String.format(Locale.ROOT, "%.1fB", parameters / 1e9).replace(".0B", "B");
        }
        return String.format(Locale.ROOT, parameters >= 10_000_000 ? "%.0fM" : "%.1fM", parameters / 1e6);
    }
}
