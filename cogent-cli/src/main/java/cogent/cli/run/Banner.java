package cogent.cli.run;

import cogent.data.Count;
import cogent.pipeline.recipe.Recipe;

/** The line that opens a run. */
public final class Banner {
    private Banner() {}

    /** What runs, with which teacher and student, where. */
    public static String of(Recipe recipe) {
        return "Cogent " + Version.NUMBER + " · " + recipe.name() + " · " + teacher(recipe) + " · " + student(recipe)
                + " · " + device(recipe) + "\n";
    }

    static String teacher(Recipe recipe) {
        String url = recipe.teacher().url();
        if (url == null) {
            return "no teacher";
        }
        return Recipe.PLAYGROUND.equals(url)
                ? "playground teacher (rule-based, offline)"
                : "teacher " + recipe.teacher().model() + " at " + url;
    }

    static String student(Recipe recipe) {
        return Recipe.PLAYGROUND.equals(recipe.student().model())
                ? "playground student, from scratch"
                : "student "
                        + (recipe.student().model() == null
                                ? "not set"
                                : recipe.student().model());
    }

    static String device(Recipe recipe) {
        return recipe.student().device() + ", " + Count.of(threads(recipe), "thread");
    }

    /** The threads that libtorch gets. */
    public static int threads(Recipe recipe) {
        return recipe.threads() > 0 ? recipe.threads() : Runtime.getRuntime().availableProcessors();
    }
}
