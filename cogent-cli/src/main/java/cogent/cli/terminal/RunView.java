package cogent.cli.terminal;

import cogent.data.Count;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.ModelNames;
import cogent.pipeline.run.PipelineEvent;
import cogent.pipeline.run.PipelineEvent.AnswersRegraded;
import cogent.pipeline.run.PipelineEvent.RunEnded;
import cogent.pipeline.run.PipelineEvent.StageBegun;
import cogent.pipeline.run.PipelineEvent.StageFinished;
import cogent.pipeline.run.PipelineEvent.StageProgress;
import cogent.pipeline.run.PipelineEvent.Warning;
import cogent.pipeline.run.PipelineListener;
import cogent.pipeline.run.RunDirectory;
import cogent.report.ReportBuilder;
import cogent.report.ResultText;
import java.io.PrintWriter;

/** A run in the terminal: its progress, a line for every stage that is done, and the report when it ends. */
public record RunView(ProgressLine line, Recipe recipe) implements PipelineListener {
    public static RunView on(PrintWriter err, Recipe recipe) {
        return new RunView(ProgressLine.on(err), recipe);
    }

    @Override
    public void on(PipelineEvent event) {
        ModelNames names = ModelNames.of(recipe);
        switch (event) {
            case StageBegun _ -> {} // its first progress says so
            case StageProgress p ->
                line.update(
                        ProgressText.label(p),
                        p.done(),
                        p.total(),
                        p.unit(),
                        ProgressText.of(p.detail(), names),
                        ProgressText.parts(p.detail()));
            case Warning warning -> line.say(" " + warning.text());
            case StageFinished f ->
                line.done(
                        f.stage(),
                        (f.before() ? "done before: " : "")
                                + ResultText.of(recipe, RunDirectory.of(recipe)).of(f.stage(), f.result()),
                        f.took());
            case AnswersRegraded r ->
                line.say(" regraded   %s on %s: %s, %s changed"
                        .formatted(
                                names.of(r.model()),
                                r.benchmark(),
                                Count.of(r.answers(), "answer"),
                                Count.of(r.changed(), "verdict")));
            case RunEnded _ -> report();
        }
    }

    /** The report is worth no run: one that cannot be written is said and left. */
    private void report() {
        try {
            ReportBuilder.write(recipe, RunDirectory.of(recipe));
        } catch (RuntimeException e) {
            line.say("the report could not be written: " + e.getMessage());
        }
    }
}
