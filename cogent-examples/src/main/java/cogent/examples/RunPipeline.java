package cogent.examples;

import cogent.pipeline.Pipeline;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.RecipeReader;
import cogent.pipeline.result.BenchmarkResult;
import cogent.pipeline.result.CurateResult;
import cogent.pipeline.result.EvaluateResult;
import cogent.pipeline.result.StageResult;
import cogent.pipeline.result.TrainResult;
import cogent.pipeline.run.PipelineEvent;
import cogent.pipeline.run.PipelineEvent.StageBegun;
import cogent.pipeline.run.PipelineEvent.StageFinished;
import cogent.pipeline.run.PipelineEvent.StageProgress;
import cogent.pipeline.run.PipelineEvent.Warning;
import cogent.pipeline.run.StopRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;

/**
 * A recipe run by a program, without the command line: told what happens while it goes on, and what each stage came to. What
 * was done before is not done again; {@code stop.ask()} from another thread ends the run with all so far saved. Argument: the
 * recipe.
 */
@SuppressWarnings("SystemOut") // a program for the terminal
public final class RunPipeline {
    private RunPipeline() {}

    public static void main(String[] args) {
        run(Path.of(args[0]), new StopRequest()).values().forEach(result -> System.out.println(sentence(result)));
    }

    /** @throws cogent.pipeline.run.StoppedException when it was asked to stop; the same call continues */
    public static SequencedMap<String, StageResult> run(Path file, StopRequest stop) {
        Recipe recipe = RecipeReader.read(file, List.of("threads=1"));
        return Pipeline.of(recipe).run(RunPipeline::tell, stop);
    }

    private static void tell(PipelineEvent event) {
        switch (event) {
            case StageBegun begun -> System.out.println(begun.stage() + " …");
            case StageProgress at -> System.out.printf("%s %d/%d %s%n", at.stage(), at.done(), at.total(), at.unit());
            case Warning warning -> System.err.println(warning.stage() + ": " + warning.text());
            case StageFinished done ->
                System.out.printf("%s in %d s%n", done.stage(), done.took().toSeconds());
            default -> {} // more events may come to be
        }
    }

    private static String sentence(StageResult result) {
        return switch (result) {
            case CurateResult curated -> curated.curation().samples() + " samples curated";
            case TrainResult trained -> trained.steps() + " steps";
            case EvaluateResult evaluated ->
                evaluated.benchmarks().stream()
                        .map(BenchmarkResult::toString)
                        .toList()
                        .toString();
            default -> result.toString();
        };
    }
}
