package cogent.cli.command;

import cogent.cli.terminal.AnswerPages;
import cogent.cli.terminal.CallTranscript;
import cogent.cli.terminal.SampleStory;
import cogent.data.InputException;
import cogent.pipeline.curate.SampleCalls;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.RunDirectory;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cogent show}: one sample's way through the agents, or the answers of an evaluation page by page. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = {
            "shows how one sample was curated, or pages through the answers of an evaluation",
            "with --sample: one sample's story: label, rewrites, verdicts, wrong rationales, preference pairs",
            "with --sample and --calls: the prompts and raw replies behind it",
            "with --wrong, --undecided or --answers: the evaluation's answers with their verdicts, page by page"
        })
public final class ShowCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RUN", description = "the run directory, e.g. runs/quickstart")
    private Path directory = Path.of("");

    @Option(names = "--sample", paramLabel = "ID", description = "the sample's id in the corpus")
    private @Nullable String id;

    @Option(names = "--calls", description = "with --sample: every prompt as it was sent, with the raw reply")
    private boolean calls;

    @Option(names = "--wrong", description = "answers that were not judged right")
    private boolean wrong;

    @Option(names = "--undecided", description = "answers that the checker can call neither equal nor different")
    private boolean undecided;

    @Option(names = "--answers", description = "all answers")
    private boolean answers;

    @Option(names = "--benchmark", paramLabel = "NAME", description = "answers of this benchmark only")
    private @Nullable String benchmark;

    @Option(names = "--model", paramLabel = "NAME", description = "answers of this model only")
    private @Nullable String model;

    @Option(names = "--problem", paramLabel = "ID", description = "answers to this problem only")
    private @Nullable String problem;

    @Option(names = "--page", defaultValue = "1", paramLabel = "N", description = "which page (default: 1)")
    private int page;

    @Option(
            names = "--size",
            defaultValue = "" + AnswerPages.DEFAULT_SIZE,
            paramLabel = "N",
            description = "answers a page (default: 5)")
    private int size;

    @Override
    public void run() {
        RunDirectory run = new RunDirectory(directory);
        boolean pages = wrong || undecided || answers || problem != null;
        if (pages == (id != null)) {
            throw new InputException("show what? Either --sample ID, or one of --wrong, --undecided, --answers");
        }
        if (calls && id == null) {
            throw new InputException("--calls are a sample's: name it with --sample ID");
        }
        spec.commandLine().getOut().print(id == null ? AnswerPages.of(run, wish()) : story(run, id));
        spec.commandLine().getOut().flush();
    }

    private String story(RunDirectory run, String sample) {
        Recipe recipe = run.readRecipe();
        return calls ? CallTranscript.of(SampleCalls.of(recipe, run, sample)) : SampleStory.of(recipe, run, sample);
    }

    private AnswerPages.Wish wish() {
        AnswerPages.Filter filter =
                undecided ? AnswerPages.Filter.UNDECIDED : wrong ? AnswerPages.Filter.WRONG : AnswerPages.Filter.ALL;
        return new AnswerPages.Wish(filter, benchmark, model, problem, page, size);
    }
}
