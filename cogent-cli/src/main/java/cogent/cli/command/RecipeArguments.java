package cogent.cli.command;

import cogent.pipeline.Shell;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.RecipeReader;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
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

    private List<String> own = List.of();

    Recipe recipe() {
        return RecipeReader.read(
                file, Stream.concat(sets.stream(), own.stream()).toList());
    }

    /** The same with a setting of the command's own. */
    RecipeArguments with(String set) {
        RecipeArguments changed = new RecipeArguments();
        changed.file = file;
        changed.sets = sets;
        changed.own = List.of(set);
        return changed;
    }

    /** The command that continues this one. */
    String again(String command) {
        StringBuilder again = new StringBuilder(Shell.cogent() + " " + command + " " + Shell.quoted(file.toString()));
        sets.forEach(s -> again.append(" --set ").append(Shell.quoted(s)));
        return again.toString();
    }
}
