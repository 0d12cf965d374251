package cogent.cli.command;

import cogent.cli.terminal.Folding;
import cogent.cli.terminal.ResultTables;
import cogent.cli.terminal.RunView;
import cogent.pipeline.Pipeline;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.ReplySource;
import cogent.pipeline.run.RunDirectory;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cogent evaluate}: the stage of that name, or its grading alone. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description = "measures the models of the run, and models behind endpoints, on the recipe's benchmarks")
public final class EvaluateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private RecipeArguments arguments;

    @Mixin
    @SuppressWarnings("UnusedVariable") // asked for by its name
    private RunCommand.Verbose verbose;

    @Option(
            names = "--regrade",
            description = "only judge the stored answers anew, as after a change of the grader; no model is asked")
    private boolean regrade;

    @Override
    public Integer call() {
        if (!regrade) {
            return RunCommand.run(spec, arguments, List.of("playground", "evaluate"), new ReplySource.Live(), "");
        }
        Recipe recipe = arguments.recipe();
        Pipeline.of(recipe).regrade(RunView.on(spec.commandLine().getErr(), recipe));
        spec.commandLine().getOut().print(Folding.here(ResultTables.of(recipe, RunDirectory.of(recipe))));
        spec.commandLine().getOut().flush();
        return 0;
    }
}
