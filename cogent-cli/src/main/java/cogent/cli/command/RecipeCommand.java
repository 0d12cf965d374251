package cogent.cli.command;

import cogent.pipeline.recipe.RecipeReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code cogent recipe}: the recipe reference. */
@Command(
        name = "recipe",
        mixinStandardHelpOptions = true,
        description = "prints every key of a recipe with its default and meaning")
public final class RecipeCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().getOut().print(RecipeReader.defaultsText());
        spec.commandLine().getOut().flush();
    }
}
