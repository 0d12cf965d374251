package cogent.cli.terminal;

import cogent.pipeline.curate.Teachers;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.Students;
import cogent.pipeline.run.Version;

/** The line that opens a run. */
public final class Banner {
    private Banner() {}

    /** What runs, with which teacher and student, where. */
    public static String of(Recipe recipe) {
        return "Cogent " + Version.NUMBER + " · " + recipe.name() + " · " + Teachers.described(recipe) + " · "
                + Students.described(recipe)
                + " · " + Students.device(recipe) + "\n";
    }
}
