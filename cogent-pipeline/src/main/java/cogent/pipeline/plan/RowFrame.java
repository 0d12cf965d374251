package cogent.pipeline.plan;

import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.Students;
import cogent.pipeline.train.Encodings;
import java.nio.file.Files;

/**
 * Tokens that the recipe's format and the student's chat template add to a row.
 *
 * @param prompt to the problem
 * @param reply to the rationale
 */
record RowFrame(int prompt, int reply) {
    private static final RowFrame NONE = new RowFrame(0, 0);

    /** Of rows that are in the format already. */
    static RowFrame ofChat(Recipe recipe, RunDirectory run) {
        return of(recipe, run, "", "");
    }

    static RowFrame of(Recipe recipe, RunDirectory run) {
        return of(
                recipe,
                run,
                recipe.format().prompt().replace("{problem}", ""),
                recipe.format().completion().replace("{rationale}", "").replace("{answer}", "7"));
    }

    private static RowFrame of(Recipe recipe, RunDirectory run, String prompt, String reply) {
        if (recipe.student().model() == null) {
            return NONE;
        }
        try (Students.Directory student = Students.readable(recipe, run)) {
            if (!Files.exists(student.path().resolve("tokenizer.json"))) {
                return NONE;
            }
            try (Encodings encodings =
                    Encodings.of(student.path(), recipe.student().chatTemplateKwargs())) {
                return new RowFrame(
                        encodings.encoding().prompt(prompt).length,
                        encodings.encoding().completion(reply).length);
            }
        }
    }
}
