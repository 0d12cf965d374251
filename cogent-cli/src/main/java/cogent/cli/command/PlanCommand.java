package cogent.cli.command;

import cogent.cli.terminal.Banner;
import cogent.pipeline.plan.Plan;
import cogent.pipeline.recipe.Recipe;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code cogent plan}: what a run would do, before anything is spent. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = "shows what would run: stages, calls, tokens, cost, memory and time, and what is done already;"
                + " sends nothing")
public final class PlanCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Mixin
    private RecipeArguments arguments;

    @Mixin
    private JsonOption json;

    @Override
    public void run() {
        Recipe recipe = arguments.recipe();
        Plan plan = Plan.of(recipe);
        PrintWriter out = spec.commandLine().getOut();
        out.print(json.asked() ? plan.json() + "\n" : Banner.of(recipe) + "\n" + plan.text());
        out.flush();
    }
}
