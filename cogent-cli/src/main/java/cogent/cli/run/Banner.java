package cogent.cli.run;

import cogent.cli.recipe.Recipe;

/** The line that opens a run. */
public final class Banner {
    private Banner() {}

    /** What runs, with which teacher and student, where. */
    public static String of(Recipe recipe) {
        String teacher = Recipe.PLAYGROUND.equals(recipe.teacher().url())
                ? "playground teacher (rule-based, offline)"
                : recipe.teacher().url() == null
                        ? "no teacher"
                        : "teacher " + recipe.teacher().model() + " at "
                                + recipe.teacher().url();
        String student = Recipe.PLAYGROUND.equals(recipe.student().model())
                ? "playground student, from scratch"
                : "student "
                        + (recipe.student().model() == null
                                ? "not set"
                                : recipe.student().model());
        return "Cogent " + Version.NUMBER + " · " + recipe.name() + " · " + teacher + " · " + student + " · "
                + recipe.student().device() + ", " + threads(recipe) + " threads\n";
    }

    /** The threads that libtorch gets. */
    public static int threads(Recipe recipe) {
        return recipe.threads() > 0 ? recipe.threads() : Runtime.getRuntime().availableProcessors();
    }
}
