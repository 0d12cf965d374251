package cogent.cli.command;

import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.RecipeReader;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The recipe and what the command line changes in it. */
final class RecipeArguments {
    @Parameters(
            paramLabel = "RECIPE",
            description = "the recipe file (YAML); `cogent recipe` prints every key there is")
    private Path file = Path.of("recipe.yaml");

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "overrides one setting, e.g. --set sft.learning_rate=1e-4; may be repeated")
    private List<String> sets = List.of();

    Recipe recipe() {
        return RecipeReader.read(file, sets);
    }

    /** The command that continues this one. */
    String again(String command) {
        StringBuilder again = new StringBuilder(quoted(System.getProperty("cogent.command", "./cogent")) + " " + command
                + " " + quoted(file.toString()));
        sets.forEach(s -> again.append(" --set ").append(quoted(s)));
        return again.toString();
    }

    /** As a shell reads it back. */
    static String quoted(String word) {
        return word.matches("[\\w./:=,+@%-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
