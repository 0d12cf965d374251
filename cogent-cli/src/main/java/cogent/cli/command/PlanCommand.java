package cogent.cli.command;

import cogent.cli.recipe.Recipe;
import cogent.cli.run.Banner;
import cogent.cli.run.Estimates;
import cogent.cli.run.Pipeline;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code cogent plan}: what a run would do, before anything is spent. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description =
                "shows what would run: stages, calls, tokens, cost and memory, and what is done already; sends nothing")
public final class PlanCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Mixin
    private RecipeArguments arguments;

    @Override
    public void run() {
        Recipe recipe = arguments.recipe();
        Pipeline pipeline = Pipeline.of(recipe);
        PrintWriter out = spec.commandLine().getOut();
        out.println(Banner.of(recipe));
        out.printf(" %-10s %-14s %s%n", "stage", "state", "work");
        for (String stage : pipeline.stages()) {
            String state = switch (pipeline.state(stage)) {
                case DONE -> "done";
                case TO_DO -> "to do";
                case NEEDS_EARLIER -> "after others";
            };
            out.printf(" %-10s %-14s %s%n", stage, state, Estimates.of(stage, recipe));
        }
        out.println();
        out.println(Estimates.budget(recipe));
        out.flush();
    }
}
