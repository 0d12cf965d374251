package cogent.cli.command;

import cogent.cli.terminal.Folding;
import cogent.cli.terminal.PlanTable;
import cogent.pipeline.plan.Plan;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
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
public final class PlanCommand implements Callable<Integer> {
    /** As for any command that is given something wrong. */
    private static final int MISSING = 2;

    @Spec
    private CommandSpec spec;

    @Mixin
    private RecipeArguments arguments;

    @Mixin
    private JsonOption json;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        Plan plan = Plan.of(arguments.recipe(), what -> {
            err.println(" " + what);
            err.flush();
        });
        PrintWriter out = spec.commandLine().getOut();
        out.print(json.asked() ? PlanTable.json(plan) + "\n" : Folding.here(PlanTable.of(plan)));
        out.flush();
        return plan.missing().isEmpty() ? 0 : MISSING;
    }
}
