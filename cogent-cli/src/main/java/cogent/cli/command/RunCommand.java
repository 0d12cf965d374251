package cogent.cli.command;

import cogent.cli.run.Banner;
import cogent.cli.run.Calls;
import cogent.cli.run.Interrupt;
import cogent.cli.run.Pipeline;
import cogent.cli.run.Progress;
import cogent.cli.run.Results;
import cogent.cli.run.RunDirectory;
import cogent.cli.run.Unfinished;
import cogent.pipeline.recipe.Recipe;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code cogent run}: every stage of a recipe that is not done yet; as {@code cogent sft} and the like, one stage. */
@Command(mixinStandardHelpOptions = true)
public final class RunCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private RecipeArguments arguments;

    private final List<String> only;

    /** @param only the stages to run; empty for all */
    public RunCommand(List<String> only) {
        this.only = only;
    }

    @Override
    public Integer call() {
        return run(spec, arguments, only, new Calls.Live(), "");
    }

    /**
     * Runs stages of the recipe, all of them where none is named; gives the exit code.
     *
     * @param options as they are to be given again after Ctrl-C
     */
    static int run(CommandSpec spec, RecipeArguments arguments, List<String> only, Calls calls, String options) {
        Recipe recipe = arguments.recipe();
        Pipeline pipeline = Pipeline.of(recipe);
        Progress progress = Progress.on(spec.commandLine().getErr());
        Interrupt interrupt = new Interrupt();
        interrupt.install();
        progress.say(Banner.of(recipe));
        try {
            if (!pipeline.run(only.isEmpty() ? pipeline.stages() : only, progress, interrupt, calls)) {
                progress.say("Saved. Continue with: " + arguments.again(spec.name()) + options);
                return Interrupt.EXIT_CODE;
            }
        } catch (Unfinished e) {
            spec.commandLine().getOut().println(e.getMessage());
            spec.commandLine().getOut().flush();
            return e.exitCode();
        }
        spec.commandLine().getOut().print(Results.of(recipe, RunDirectory.of(recipe)));
        spec.commandLine().getOut().flush();
        return 0;
    }
}
