package cogent.cli.command;

import cogent.cli.terminal.Banner;
import cogent.cli.terminal.Folding;
import cogent.cli.terminal.Processes;
import cogent.cli.terminal.ResultTables;
import cogent.cli.terminal.RunLog;
import cogent.cli.terminal.RunView;
import cogent.cli.terminal.Signals;
import cogent.data.InputException;
import cogent.model.tensor.Ranks;
import cogent.pipeline.Pipeline;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.ReplySource;
import cogent.pipeline.run.RunDirectory;
import cogent.pipeline.run.StopRequest;
import cogent.pipeline.run.StoppedException;
import cogent.pipeline.run.UnfinishedException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cogent run}: every stage of a recipe that is not done yet; as {@code cogent sft} and the like, one stage. */
@Command(mixinStandardHelpOptions = true)
public final class RunCommand implements Callable<Integer> {
    /** The option of the commands that run stages. */
    static final class Verbose {
        static final String NAME = "--verbose";

        @Option(names = NAME, description = "keeps what happens, each with its time, in run.log of the run's directory")
        @SuppressWarnings("UnusedVariable") // asked for by its name
        private boolean given;
    }

    @Spec
    private CommandSpec spec;

    @Mixin
    private RecipeArguments arguments;

    @Mixin
    @SuppressWarnings("UnusedVariable") // asked for by its name
    private Verbose verbose;

    @Option(
            names = Processes.OPTION,
            paramLabel = "N",
            description = "trains with N processes of this machine, a GPU each where there are GPUs"
                    + " (docs/scale.md; launchers that set RANK and WORLD_SIZE need no option)")
    private int processes = 1;

    private final List<String> only;

    /** @param only the stages to run; empty for all */
    public RunCommand(List<String> only) {
        this.only = only;
    }

    @Override
    public Integer call() {
        if (processes < 1) {
            throw new InputException(Processes.OPTION + " must be at least 1, not " + processes);
        }
        if (processes > 1 && System.getenv("RANK") == null) {
            arguments.recipe(); // its mistakes are told once
            return Processes.run(spec, processes);
        }
        String option = processes > 1 ? " " + Processes.OPTION + " " + processes : "";
        return run(spec, arguments, only, new ReplySource.Live(), option);
    }

    /**
     * Runs stages of the recipe, all of them where none is named; gives the exit code.
     *
     * @param options as they are to be given again after Ctrl-C
     */
    static int run(
            CommandSpec spec, RecipeArguments arguments, List<String> only, ReplySource replies, String options) {
        Processes.endWithParent();
        Recipe recipe = arguments.recipe();
        Pipeline pipeline = Pipeline.of(recipe);
        try (Ranks ranks = Ranks.ofEnvironment()) {
            return ranks.isFirst()
                    ? run(spec, arguments, only, replies, options, recipe, pipeline, ranks)
                    : follow(pipeline, ranks);
        }
    }

    /** Another rank: what there is to say the first one says. */
    private static int follow(Pipeline pipeline, Ranks ranks) {
        try {
            pipeline.follow(ranks, Signals.handled(_ -> {}));
            return 0;
        } catch (StoppedException e) {
            return Signals.exitCode();
        }
    }

    private static int run(
            CommandSpec spec,
            RecipeArguments arguments,
            List<String> only,
            ReplySource replies,
            String options,
            Recipe recipe,
            Pipeline pipeline,
            Ranks ranks) {
        RunView view = RunView.on(spec.commandLine().getErr(), recipe);
        StopRequest stop = Signals.handled(view.line()::say);
        view.line().say(Banner.of(recipe));
        PrintWriter out = spec.commandLine().getOut();
        RunLog log = new RunLog(RunDirectory.of(recipe).root().resolve("run.log"), view);
        boolean verbose = Boolean.TRUE.equals(spec.findOption(Verbose.NAME).getValue());
        try {
            pipeline.run(only.isEmpty() ? pipeline.stages() : only, replies, ranks, verbose ? log : view, stop);
            out.print(Folding.here(ResultTables.of(recipe, RunDirectory.of(recipe))));
            return 0;
        } catch (StoppedException e) {
            view.line().say("Saved. Continue with: " + arguments.again(spec.name()) + options);
            return Signals.exitCode();
        } catch (UnfinishedException e) {
            out.println(e.getMessage());
            return e.failed() ? 1 : 0;
        } catch (RuntimeException e) {
            if (verbose) {
                log.failed(e);
            }
            throw e;
        } finally {
            out.flush();
        }
    }
}
