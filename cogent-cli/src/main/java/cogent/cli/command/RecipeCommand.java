package cogent.cli.command;

import cogent.pipeline.recipe.RecipeReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cogent recipe}: the recipe reference. */
@Command(
        name = "recipe",
        mixinStandardHelpOptions = true,
        description = "prints every key of a recipe with its default and meaning")
public final class RecipeCommand implements Runnable {
    @Option(names = "--schema", description = "as a JSON Schema, by which editors complete and check recipes")
    private boolean schema;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().getOut().print(schema ? RecipeReader.schema() : RecipeReader.reference());
        spec.commandLine().getOut().flush();
    }
}
